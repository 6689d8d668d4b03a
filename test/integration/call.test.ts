import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessUnit, VideoCodec } from '../../peer/rtp/packet.ts';
import type { SessionDescription } from '../../protocol/session.ts';
import { hasFootage } from '../support/camera.ts';
import { codedFilm, syntheticFilm } from '../support/coded-film.ts';
import { eventually } from '../support/eventually.ts';
import { greenest } from '../support/green.ts';
import { idlePeer } from '../support/idle-peer.ts';
import { iou } from '../support/iou.ts';
import { RtcClient, type RtcClientOptions } from '../support/rtc-client.ts';
import { sendUntil } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';

/** The RTP timestamps of the film cross 2³², and the sequence numbers of the client cross 2¹⁶. */
const FIRST_TIMESTAMP = 0xffff_ffff - 20 * 3000;
const codecs: readonly VideoCodec[] = ['H264', 'VP8'];

describe('a call between two WebRTC peers without a browser', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  const dial = (options: RtcClientOptions) => RtcClient.dial(sightline.url, options);
  const sendPictures = async (client: RtcClient, results: number) =>
    sendUntil(
      client,
      await syntheticFilm(client.codec, 60, FIRST_TIMESTAMP),
      () => client.detections.length >= results,
    );

  async function session(id: string): Promise<SessionDescription> {
    return (await (await fetch(`${sightline.url}/sessions/${id}`)).json()) as SessionDescription;
  }

  it.each(codecs)('%s comes back frame for frame, with results of the same timestamps', async (codec) => {
    const client = await dial({ codec });
    const units: AccessUnit[] = [];
    client.on('frame', (unit) => units.push(unit));
    const sent = await sendPictures(client, 4);
    const returned = units.map(({ timestamp }) => timestamp);

    expect(returned.length).toBeGreaterThan(sent.length * 0.6);
    expect(sent).toEqual(expect.arrayContaining(returned));
    expect(sent).toEqual(expect.arrayContaining(client.detections.map(({ rtpTimestamp }) => rtpTimestamp)));
    expect((await session(client.sessionId)).tracks[0]?.codec).toBe(codec);
    await client.close();
  });

  describe.skipIf(!hasFootage)('with a person before the camera (skipped where there is no footage)', () => {
    /** A call with the film. @returns its results, and the most green that a returned frame has */
    async function show(codec: VideoCodec, settings: Record<string, unknown>) {
      const client = await dial({ codec, settings });
      const units: AccessUnit[] = [];
      client.on('frame', (unit) => units.push(unit));
      const film = await codedFilm(codec, 60, FIRST_TIMESTAMP);
      await sendUntil(client, film, () => client.detections.length >= 4);
      await client.close();
      expect(units.length).toBeGreaterThan(10);
      return { detections: client.detections, green: await greenest(codec, units) };
    }

    it.each(codecs)('finds him where he is and draws it (%s)', async (codec) => {
      const { detections, green } = await show(codec, {});
      const people = detections.map(({ objects }) => objects.find(({ label }) => label === 'person'));
      const overlaps = people.map((person) => (person ? iou(person.box, MAN_AT_WEBCAM) : 0));
      expect(Math.max(...overlaps)).toBeGreaterThan(0.8);
      expect(green).toBeGreaterThan(1000);
    });

    it.each(codecs)('draws and reports nothing below the threshold of the session (%s)', async (codec) => {
      const { detections, green } = await show(codec, { threshold: 1 });
      expect(detections.flatMap(({ objects }) => objects)).toEqual([]);
      expect(green).toBeLessThan(50);
    });
  });

  it('opens the detections channel itself when the client does not', async () => {
    const client = await dial({ codec: 'VP8', serverOpensChannel: true });
    await sendPictures(client, 1);
    expect(client.detections[0]?.sessionId).toBe(client.sessionId);
    await client.close();
  });

  it('counts garbage and drops it, and the call goes on', async () => {
    const client = await dial({ codec: 'H264' });
    for (let i = 0; i < 200; i++) {
      const garbage = Uint8Array.from({ length: (i * 37) % 900 }, (_, j) => (i * 31 + j * 17) & 0xff);
      await client.sendPacket(garbage, i * 3000, i % 3 === 0);
    }
    await sendPictures(client, 1);
    expect((await session(client.sessionId)).tracks[0]?.packetsMalformed).toBeGreaterThan(0);
    await client.close();
  });

  it('ends the session when the client hangs up, and leaves nothing behind', async () => {
    const before = await idlePeer(sightline);
    const client = await dial({ codec: 'H264' });
    await sendPictures(client, 1);
    await client.close();
    await eventually(
      () => fetch(`${sightline.url}/sessions/${client.sessionId}`),
      ({ status }) => status === 404,
    );
    expect(await idlePeer(sightline)).toMatchObject({ natives: 0, handles: before.handles });
  });

  it('ends the session on DELETE, and is asked for in vain afterwards', async () => {
    const client = await dial({ codec: 'VP8' });
    const address = `${sightline.url}/sessions/${client.sessionId}`;
    expect((await fetch(address, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(address)).status).toBe(404);
    await client.close();
  });
});
