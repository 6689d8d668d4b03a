import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionDescription } from '../../protocol/session.ts';
import { syntheticFilm } from '../support/coded-film.ts';
import { eventually } from '../support/eventually.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { sendFilm } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const FRAMES = 45;
/** Opus sends a packet of 20 ms; its timestamps count 48,000 a second (RFC 7587). */
const SOUND_MS = 20;
const SOUND_TICKS = 960;

describe('offers of other shapes than one camera there and back', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  async function session(id: string): Promise<SessionDescription> {
    return (await (await fetch(`${sightline.url}/sessions/${id}`)).json()) as SessionDescription;
  }

  it('a sendonly offer gets results, and no track back', async () => {
    const client = await RtcClient.dial(sightline.url, { codec: 'H264', direction: 'sendonly' });
    await sendFilm(client, await syntheticFilm('H264', FRAMES, 0));
    await eventually(
      async () => client.detections.length,
      (count) => count >= 3,
    );
    expect(client.returned).toEqual([]);
    const [track] = (await session(client.sessionId)).tracks;
    expect(track).toMatchObject({ framesOut: 0 });
    expect(track?.framesDecoded).toBeGreaterThan(FRAMES * 0.8);
    await client.close();
  });

  it('two cameras in one offer get two tracks back, and results that name each', async () => {
    const client = await RtcClient.dial(sightline.url, { codec: 'H264', cameras: 2 });
    const timestamps: number[][] = [[], []];
    client.on('frame', ({ timestamp }, camera) => timestamps[camera]?.push(timestamp));
    const sent = await sendFilm(client, await syntheticFilm('H264', FRAMES, 0), [0, 1]);
    const mids = [client.mid(0), client.mid(1)];
    await eventually(
      async () => mids.map((mid) => client.detections.filter((result) => result.mid === mid).length),
      (counts) => counts.every((count) => count >= 2),
    );
    expect(new Set(mids).size).toBe(2);
    expect(client.returned.toSorted()).toEqual(mids.toSorted());
    for (const returned of timestamps) {
      expect(returned.length).toBeGreaterThan(FRAMES * 0.6);
      expect(sent).toEqual(expect.arrayContaining(returned));
    }
    expect((await session(client.sessionId)).tracks.map(({ mid }) => mid).toSorted()).toEqual(
      mids.toSorted(),
    );
    await client.close();
  });

  it('sound beside the camera comes back as it was sent', async () => {
    const client = await RtcClient.dial(sightline.url, { codec: 'H264', microphone: true });
    const heard: Buffer[] = [];
    client.on('sound', ({ payload }) => heard.push(Buffer.from(payload)));
    const spoken = Array.from({ length: 75 }, (_, n) => Buffer.from(`\xfc packet ${n} of sound`, 'latin1'));
    const speaking = (async () => {
      for (const [n, payload] of spoken.entries()) {
        await client.sendSound(payload, n * SOUND_TICKS);
        await delay(SOUND_MS);
      }
    })();
    await Promise.all([speaking, sendFilm(client, await syntheticFilm('H264', FRAMES, 0))]);
    await eventually(
      async () => heard.length,
      (count) => count > spoken.length * 0.9,
    );
    for (const payload of heard) expect(spoken).toContainEqual(payload);
    expect(client.detections.length).toBeGreaterThan(0);
    await client.close();
  });
});
