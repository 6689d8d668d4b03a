import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessUnit, VideoCodec } from '../../peer/rtp/packet.ts';
import type { SessionDescription, Watching } from '../../protocol/session.ts';
import { eventually } from '../support/eventually.ts';
import { idlePeer } from '../support/idle-peer.ts';
import { OnAir } from '../support/on-air.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { WhepViewer, type WhepViewerOptions } from '../support/whep-viewer.ts';

/** Of the stream, in which a key frame has to be there: a third of a second. */
const JOIN_FRAMES = 10;
const MAX_VIEWERS = 4;

describe('a session that is watched', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline({ SIGHTLINE_MAX_VIEWERS: String(MAX_VIEWERS) });
  });
  afterAll(() => sightline.close());

  const watch = (sessionId: string, options: WhepViewerOptions) =>
    WhepViewer.watch(sightline.url, sessionId, options);

  async function watching(id: string): Promise<Watching | undefined> {
    const description = await (await fetch(`${sightline.url}/sessions/${id}`)).json();
    return (description as SessionDescription).watching;
  }

  const onAir = (codec: VideoCodec) => OnAir.start(sightline.url, codec);

  /** Waits until a viewer has so many frames more. */
  async function shown(viewer: WhepViewer, count: number): Promise<void> {
    for (let seen = 0; seen < count; seen++) await once(viewer, 'frame');
  }

  it.each(['H264', 'VP8'] as const)('%s: one encoding is shown to all, byte for byte', async (codec) => {
    await using live = await onAir('VP8');
    const viewers = await Promise.all([watch(live.sessionId, { codec }), watch(live.sessionId, { codec })]);
    await Promise.all(viewers.map((viewer) => shown(viewer, 15)));
    expect(await watching(live.sessionId)).toMatchObject({
      encodings: [{ mid: '0', output: 'annotated', codec, viewers: 2 }],
      viewers: [{ state: 'connected' }, { state: 'connected' }],
    });
    const [one, two] = viewers.map(({ frames }) => byTimestamp(frames));
    const both = [...(one ?? [])].filter(([timestamp]) => two?.has(timestamp));
    expect(both.length).toBeGreaterThan(5);
    for (const [timestamp, { data }] of both) expect(two?.get(timestamp)?.data).toEqual(data);
    await Promise.all(viewers.map((viewer) => viewer.leave()));
  });

  it('who joins late is shown a key frame within a third of a second of the stream', async () => {
    await using live = await onAir('VP8');
    const first = await watch(live.sessionId, { codec: 'H264' });
    await shown(first, 30);
    const waits: number[] = [];
    for (let join = 0; join < 3; join++) {
      const late = await watch(live.sessionId, { codec: 'H264' });
      const before = first.frames.length;
      await shown(late, 1);
      waits.push(first.frames.length - before);
      expect(late.frames[0]?.keyframe).toBe(true);
      await late.leave();
    }
    expect(Math.min(...waits)).toBeLessThanOrEqual(JOIN_FRAMES);
    await first.leave();
  });

  it('a PLI of one viewer brings a key frame to all', async () => {
    await using live = await onAir('VP8');
    const [asking, other] = await Promise.all([
      watch(live.sessionId, { codec: 'H264' }),
      watch(live.sessionId, { codec: 'H264' }),
    ]);
    await Promise.all([asking, other].map((viewer) => shown(viewer, 5)));
    const from = other.frames.length;
    await asking.requestKeyframe();
    const keyframe = () => other.frames.slice(from).some((unit) => unit.keyframe);
    // Without having been asked the encoder makes none for minutes.
    while (!keyframe()) await shown(other, 1);
    await Promise.all([asking, other].map((viewer) => viewer.leave()));
  });

  it('the camera itself is shown on request, as it was sent, and hidden as soon as something is', async () => {
    await using live = await onAir('VP8');
    const viewer = await watch(live.sessionId, { codec: 'VP8', query: 'output=passthrough' });
    await shown(viewer, 10);
    const sent = new Set(live.film.map(({ data }) => Buffer.from(data).toString('base64')));
    const isOwn = ({ data }: AccessUnit) => sent.has(Buffer.from(data).toString('base64'));
    expect(viewer.frames.every(isOwn)).toBe(true);
    expect((await watching(live.sessionId))?.encodings).toMatchObject([{ output: 'passthrough' }]);

    await configure(live.sessionId, { effects: { faces: 'blur' } });
    expect((await watching(live.sessionId))?.encodings).toMatchObject([
      { output: 'annotated', codec: 'VP8' },
    ]);
    // What was under way at that moment still comes.
    while (viewer.frames.every(isOwn)) await shown(viewer, 1);
    await shown(viewer, 5);
    const after = viewer.frames.slice(viewer.frames.findIndex((unit) => !isOwn(unit)));
    expect(after[0]?.keyframe).toBe(true);
    expect(after.some(isOwn)).toBe(false);
    await expect(watch(live.sessionId, { codec: 'VP8', query: 'output=passthrough' })).rejects.toThrow(
      /409.*effects/,
    );
    await viewer.leave();
  });

  it.each([
    ['the other codec', 'H264', 'output=passthrough', /400.*codec-unsupported.*as the camera sends/],
    ['a camera that is not there', 'VP8', 'mid=7', /404.*camera-unknown/],
    ['results without a picture', 'VP8', 'output=data', /400.*query-invalid/],
  ] as const)('refuses %s and says why', async (_, codec, query, expected) => {
    const camera = await RtcClient.dial(sightline.url, { codec: 'VP8', direction: 'sendonly' });
    await expect(watch(camera.sessionId, { codec, query })).rejects.toThrow(expected);
    await camera.close();
  });

  it('takes as many viewers as there are places for, and gives places back', async () => {
    const camera = await RtcClient.dial(sightline.url, { codec: 'VP8', direction: 'sendonly' });
    const join = () => watch(camera.sessionId, { codec: 'VP8' });
    const viewers = await Promise.all(Array.from({ length: MAX_VIEWERS }, join));
    await expect(join()).rejects.toThrow(/503.*viewers-exhausted/);
    expect(await viewers[0]?.leave()).toBe(200);
    const another = await join();
    await Promise.all([...viewers.slice(1), another].map((viewer) => viewer.leave()));
    await camera.close();
  });

  it('a viewer ends with the session and the session goes on without it; nothing is left behind', async () => {
    const before = await idlePeer(sightline);
    {
      await using live = await onAir('H264');
      const [leaving, staying, relayed] = await Promise.all([
        watch(live.sessionId, { codec: 'H264' }),
        watch(live.sessionId, { codec: 'VP8' }),
        watch(live.sessionId, { codec: 'H264', query: 'output=passthrough' }),
      ]);
      await Promise.all([leaving, staying, relayed].map((viewer) => shown(viewer, 3)));
      await leaving.leave();
      await shown(staying, 3);
      const gone = await eventually(
        () => watching(live.sessionId),
        (now) => now?.viewers.length === 2,
      );
      expect(gone?.encodings.map(({ output }) => output).sort()).toEqual(['annotated', 'passthrough']);
      await fetch(`${sightline.url}/sessions/${live.sessionId}`, { method: 'DELETE' });
      expect(await staying.leave()).toBe(404);
      await relayed.close();
    }
    expect(await idlePeer(sightline)).toMatchObject({ natives: 0, handles: before.handles });
  });

  async function configure(id: string, settings: Record<string, unknown>): Promise<void> {
    const { status } = await fetch(`${sightline.url}/sessions/${id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(settings),
    });
    expect(status).toBe(200);
  }
});

function byTimestamp(frames: readonly AccessUnit[]): Map<number, AccessUnit> {
  return new Map(frames.map((unit) => [unit.timestamp, unit]));
}
