/** A caller as a process of its own: calls CALLER_URL, writes the session id, and sends frames until it is ended. */
import { syntheticFilm } from './coded-film.ts';
import { RtcClient } from './rtc-client.ts';
import { sendUntil } from './send-film.ts';

const client = await RtcClient.dial(process.env['CALLER_URL'] ?? '', { codec: 'H264' });
process.stdout.write(`${client.sessionId}\n`);
await sendUntil(client, await syntheticFilm('H264', 30, 0), () => false);
