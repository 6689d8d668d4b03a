import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionDescription } from '../../protocol/session.ts';
import { syntheticFilm } from '../support/coded-film.ts';
import { eventually } from '../support/eventually.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

describe('what browsers ask and leave out', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  async function track(client: RtcClient) {
    const response = await fetch(`${sightline.url}/sessions/${client.sessionId}`);
    return ((await response.json()) as SessionDescription).tracks[0];
  }

  async function send(client: RtcClient, from: number, count: number): Promise<void> {
    for (const frame of (await syntheticFilm(client.codec, from + count, 0)).slice(from)) {
      await client.sendFrame(frame);
      await delay(33);
    }
  }

  it.each(['PLI', 'FIR'] as const)('a %s under the SSRC of the camera brings a key frame', async (kind) => {
    const client = await RtcClient.dial(sightline.url, { codec: 'H264' });
    const keyframes: number[] = [];
    client.on('frame', ({ keyframe, timestamp }) => keyframe && keyframes.push(timestamp));
    await send(client, 0, 12);
    await eventually(
      async () => keyframes.length,
      (count) => count === 1,
    );
    await client.requestKeyframe(kind);
    await send(client, 12, 12);
    await eventually(
      async () => keyframes.length,
      (count) => count === 2,
    );
    expect((await track(client))?.keyFramesOut).toBe(2);
    await client.close();
  });

  it.each(['H264', 'VP8'] as const)(
    'an offer without a=ssrc is received all the same (%s)',
    async (codec) => {
      const rewriteOffer = (sdp: string) => sdp.replace(/a=ssrc(-group)?:.*\r\n/g, '');
      const client = await RtcClient.dial(sightline.url, { codec, rewriteOffer });
      await send(client, 0, 20);
      await eventually(
        () => track(client),
        (stats) => (stats?.framesDecoded ?? 0) >= 20,
      );
      await client.close();
    },
  );
});
