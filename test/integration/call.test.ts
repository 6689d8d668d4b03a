import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VideoDecoder } from '../../peer/codec/decoder.ts';
import type { AccessUnit, VideoCodec } from '../../peer/rtp/packet.ts';
import type { I420Picture } from '../../peer/vision/i420.ts';
import type { SessionDescription } from '../../protocol/session.ts';
import { hasFootage } from '../support/camera.ts';
import { codedFilm } from '../support/coded-film.ts';
import { eventually } from '../support/eventually.ts';
import { iou } from '../support/iou.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';

const FRAME_MS = 1000 / 30;
/** The RTP timestamps of the film cross 2³², and the sequence numbers of the client cross 2¹⁶. */
const FIRST_TIMESTAMP = 0xffff_ffff - 20 * 3000;

describe.skipIf(!hasFootage)(
  'a call between two WebRTC peers without a browser (skipped where there is no footage)',
  () => {
    let sightline: Sightline;
    beforeAll(async () => {
      sightline = await startSightline();
    });
    afterAll(() => sightline.close());

    async function session(id: string): Promise<SessionDescription> {
      return (await (await fetch(`${sightline.url}/sessions/${id}`)).json()) as SessionDescription;
    }

    async function sendFilm(client: RtcClient, frames: number): Promise<number[]> {
      const film = await codedFilm(client.codec, frames, FIRST_TIMESTAMP);
      const started = performance.now();
      for (const [index, frame] of film.entries()) {
        await client.sendFrame(frame);
        await delay(Math.max(0, started + (index + 1) * FRAME_MS - performance.now()));
      }
      return film.map(({ timestamp }) => timestamp);
    }

    it.each<VideoCodec>(['H264', 'VP8'])(
      '%s comes back annotated, frame for frame, with results of the same timestamps',
      async (codec) => {
        const client = await RtcClient.dial(sightline.url, { codec });
        const units: AccessUnit[] = [];
        client.on('frame', (unit) => units.push(unit));
        const sent = await sendFilm(client, 60);
        await eventually(
          async () => client.detections.length,
          (count) => count >= 8,
        );
        const returned = units.map(({ timestamp }) => timestamp);

        expect(returned.length).toBeGreaterThan(sent.length * 0.8);
        expect(sent).toEqual(expect.arrayContaining(returned));
        expect(sent).toEqual(
          expect.arrayContaining(client.detections.map(({ rtpTimestamp }) => rtpTimestamp)),
        );
        const people = client.detections.map(({ objects }) =>
          objects.find(({ label }) => label === 'person'),
        );
        expect(
          Math.max(...people.map((person) => (person ? iou(person.box, MAN_AT_WEBCAM) : 0))),
        ).toBeGreaterThan(0.8);
        expect(await greenest(codec, units)).toBeGreaterThan(1000);
        expect((await session(client.sessionId)).tracks[0]?.codec).toBe(codec);
        await client.close();
      },
    );

    it('opens the detections channel itself when the client does not', async () => {
      const client = await RtcClient.dial(sightline.url, { codec: 'VP8', serverOpensChannel: true });
      await sendFilm(client, 60);
      await eventually(
        async () => client.detections.length,
        (count) => count > 0,
      );
      await client.close();
    });

    it('reports no object below the threshold that the session asked for', async () => {
      const client = await RtcClient.dial(sightline.url, { codec: 'H264', settings: { threshold: 1 } });
      await sendFilm(client, 30);
      await eventually(
        async () => client.detections.length,
        (count) => count > 0,
      );
      expect(client.detections.flatMap(({ objects }) => objects)).toEqual([]);
      await client.close();
    });

    it('counts garbage and drops it, and the call goes on', async () => {
      const client = await RtcClient.dial(sightline.url, { codec: 'H264' });
      for (let i = 0; i < 200; i++) {
        const garbage = Uint8Array.from({ length: (i * 37) % 900 }, (_, j) => (i * 31 + j * 17) & 0xff);
        await client.sendPacket(garbage, i * 3000, i % 3 === 0);
      }
      await sendFilm(client, 60);
      await eventually(
        async () => client.detections.length,
        (count) => count > 0,
      );
      expect((await session(client.sessionId)).tracks[0]?.packetsMalformed).toBeGreaterThan(0);
      await client.close();
    });

    it('ends the session when the client hangs up, and leaves nothing behind', async () => {
      const client = await RtcClient.dial(sightline.url, { codec: 'H264' });
      await sendFilm(client, 15);
      await client.close();
      await eventually(
        () => fetch(`${sightline.url}/sessions/${client.sessionId}`),
        ({ status }) => status === 404,
      );
      const [peer] = await eventually(
        () => sightline.peers(),
        ([first]) => first?.sessions === 0 && first.natives === 0,
      );
      expect(peer?.natives).toBe(0);
    });

    it('ends the session on DELETE, and is asked for in vain afterwards', async () => {
      const client = await RtcClient.dial(sightline.url, { codec: 'VP8' });
      const address = `${sightline.url}/sessions/${client.sessionId}`;
      expect((await fetch(address, { method: 'DELETE' })).status).toBe(204);
      expect((await fetch(address)).status).toBe(404);
      await client.close();
    });
  },
);

/** The most vivid green that any of the frames has, in pixels. */
async function greenest(codec: VideoCodec, units: readonly AccessUnit[]): Promise<number> {
  using decoder = await VideoDecoder.open(codec);
  let most = 0;
  for (const unit of units) {
    using frame = await decoder.decode(unit);
    if (frame) most = Math.max(most, greenPixels(frame.picture));
  }
  return most;
}

/** How many pixels have the vivid green that a person's box is drawn in. */
function greenPixels({ planes: [y, u, v], strides, width, height }: I420Picture): number {
  let count = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const luma = y[row * strides[0] + column] ?? 0;
      const chroma = (row >> 1) * strides[1] + (column >> 1);
      if (luma > 90 && (u[chroma] ?? 128) < 100 && (v[chroma] ?? 128) < 100) count++;
    }
  }
  return count;
}
