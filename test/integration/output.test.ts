import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import type { AccessUnit } from '../../peer/rtp/packet.ts';
import { syntheticFilm } from '../support/coded-film.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const FRAMES = 20;

describe('the output of a session', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  /** Sends a key frame and deltas, shifted to go on where the time is. @returns what was sent */
  async function send(client: RtcClient, round: number): Promise<EncodedFrame[]> {
    const film = await syntheticFilm(client.codec, FRAMES, round * FRAMES * 3000);
    for (const frame of film) {
      await client.sendFrame(frame);
      await delay(33);
    }
    return film;
  }

  it.each(['H264', 'VP8'] as const)(
    '%s: annotated, the camera itself, results alone, and back, in one stream',
    async (codec) => {
      const client = await RtcClient.dial(sightline.url, { codec });
      let received: AccessUnit[] = [];
      client.on('frame', (unit) => received.push(unit));
      const round = async (number: number, output: string) => {
        expect(await client.control({ type: 'configure', id: number, output })).toMatchObject({
          type: 'configured',
          id: number,
          output,
        });
        received = [];
        const sent = await send(client, number);
        await delay(100);
        const same = received.filter((unit) => {
          const original = sent.find(({ timestamp }) => timestamp === unit.timestamp);
          return original !== undefined && Buffer.compare(original.data, unit.data) === 0;
        });
        return { received: received.length, same: same.length };
      };
      expect(await round(0, 'annotated')).toMatchObject({ same: 0 });
      const passthrough = await round(1, 'passthrough');
      expect(passthrough.same).toBeGreaterThan(FRAMES * 0.8);
      const results = client.detections.length;
      expect(await round(2, 'data')).toEqual({ received: 0, same: 0 });
      expect(client.detections.length).toBeGreaterThan(results);
      const annotated = await round(3, 'annotated');
      expect(annotated.received).toBeGreaterThan(FRAMES * 0.6);
      expect(annotated.same).toBe(0);
      await client.close();
    },
  );

  it('says what is wrong with a message on the control channel, and the call goes on', async () => {
    const client = await RtcClient.dial(sightline.url, { codec: 'VP8' });
    expect(await client.control({ type: 'configure', output: 'hologram' })).toMatchObject({
      type: 'error',
      code: 'control-invalid',
    });
    await send(client, 0);
    expect(client.detections.length).toBeGreaterThan(0);
    await client.close();
  });
});
