/** A caller as a process of its own: calls CALLER_URL, writes the session id, and sends frames until it is ended. */
import { syntheticFilm } from './coded-film.ts';
import { RtcClient } from './rtc-client.ts';
import { sendFilm } from './send-film.ts';

const client = await RtcClient.dial(process.env['CALLER_URL'] ?? '', { codec: 'H264' });
process.stdout.write(`${client.sessionId}\n`);
for (let second = 0; ; second++) await sendFilm(client, await syntheticFilm('H264', 30, second * 90_000));
