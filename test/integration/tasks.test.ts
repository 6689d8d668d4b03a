import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import type { AccessUnit } from '../../peer/rtp/packet.ts';
import type { I420Picture } from '../../peer/vision/i420.ts';
import type { ModelSummary } from '../../protocol/models.ts';
import type { CurrentSettings, SessionDescription } from '../../protocol/session.ts';
import { hasFootage } from '../support/camera.ts';
import { codedFilm } from '../support/coded-film.ts';
import { expectProblem } from '../support/problem.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { sendUntil } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

/** What a film of a man at a webcam shows. */
const LEFT_HALF = [
  { x: 0.02, y: 0.02 },
  { x: 0.98, y: 0.02 },
  { x: 0.98, y: 1.4 },
  { x: 0.02, y: 1.4 },
];

describe.skipIf(!hasFootage)('the tasks of a session (skipped where there is no footage)', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  const dial = (settings: Record<string, unknown> = {}) =>
    RtcClient.dial(sightline.url, { codec: 'H264', settings });
  const tasksOf = (client: RtcClient) => new Set(client.detections.map(({ task }) => task));

  async function hasModel(task: string): Promise<boolean> {
    const models = (await (await fetch(`${sightline.url}/models`)).json()) as ModelSummary[];
    return models.some((model) => model.task === task && model.available);
  }

  async function patch(client: RtcClient, changes: unknown): Promise<Response> {
    return fetch(`${sightline.url}/sessions/${client.sessionId}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(changes),
    });
  }

  it('runs several side by side, each at its own rate', async () => {
    const client = await dial({
      tasks: [
        { task: 'detect', rate: 10 },
        { task: 'pose', rate: 3 },
      ],
    });
    const count = (task: string) => client.detections.filter((result) => result.task === task).length;
    await sendUntil(
      client,
      await codedFilm('H264', 60, 0),
      () => count('pose') >= 6 && count('detect') >= 12,
    );
    expect(count('detect')).toBeGreaterThan(count('pose') * 1.5);
    const pose = client.detections.findLast(({ task }) => task === 'pose')?.objects[0];
    expect(pose?.keypoints).toHaveLength(17);
    await client.close();
  });

  it('changes the model in mid-call over PATCH, and goes on sending the video', async () => {
    const client = await dial();
    const film = await codedFilm('H264', 60, 0);
    let frames = 0;
    client.on('frame', () => frames++);
    await sendUntil(client, film, () => tasksOf(client).has('detect'));
    const response = await patch(client, { task: 'faces' });
    expect(response.status).toBe(200);
    expect((await response.json()) as CurrentSettings).toMatchObject({
      task: 'faces',
      tasks: [{ task: 'faces' }],
    });
    const before = frames;
    client.detections.length = 0;
    const sent = await sendUntil(client, shifted(film, 1), () => client.detections.length > 2);
    expect(tasksOf(client)).toEqual(new Set(['faces']));
    expect(frames - before).toBeGreaterThan(sent.length * 0.5);
    await client.close();
  });

  it('gives the same id to the same person, and reports only the classes that are wanted', async () => {
    const client = await dial({ classes: ['person'] });
    await sendUntil(client, await codedFilm('H264', 60, 0), () => client.detections.length > 8);
    const objects = client.detections.slice(3).flatMap((result) => result.objects);
    expect(new Set(objects.map(({ label }) => label))).toEqual(new Set(['person']));
    const best = client.detections.slice(3).map((result) => result.objects[0]?.trackId);
    const [most = []] = [...Map.groupBy(best, (id) => id).values()].sort((a, b) => b.length - a.length);
    expect(most[0]).toBeDefined();
    expect(most.length).toBeGreaterThan(best.length * 0.8);
    await client.close();
  });

  it('exact: every frame that comes back has its own result', async () => {
    const client = await dial({ sync: 'exact' });
    const back: number[] = [];
    client.on('frame', ({ timestamp }) => back.push(timestamp));
    await sendUntil(client, await codedFilm('H264', 60, 0), () => back.length > 20);
    const results = new Set(client.detections.map(({ rtpTimestamp }) => rtpTimestamp));
    expect(back.filter((timestamp) => !results.has(timestamp))).toEqual([]);
    await client.close();
  });

  it('puts a colour in place of the background, and of everything while nothing is known', async ({
    skip,
  }) => {
    skip(!(await hasModel('segment')), 'the weights of selfie-segmentation are not there');
    const client = await dial({ effects: { background: '#00ff00' }, classes: ['umbrella'] });
    const units: AccessUnit[] = [];
    client.on('frame', (unit) => units.push(unit));
    await sendUntil(client, await codedFilm('H264', 60, 0), () => units.length > 40);
    await client.close();
    using decoder = await nativeCodecs.openDecoder('H264');
    const shares: number[] = [];
    for (const unit of units) {
      using frame = await decoder.decode(unit);
      if (frame) shares.push(greenShare(frame.picture));
    }
    expect(shares[0]).toBeGreaterThan(0.95);
    // The man at the webcam is seen again, and nothing behind him.
    expect(Math.min(...shares)).toBeLessThan(0.85);
    expect(Math.min(...shares)).toBeGreaterThan(0.2);
  });

  it('watches zones, and tells in the results who enters', async () => {
    const client = await dial({ zones: [{ id: 'room', kind: 'polygon', points: LEFT_HALF }] });
    const events = () => client.detections.flatMap((result) => result.events ?? []);
    await sendUntil(client, await codedFilm('H264', 60, 0), () => events().length > 0);
    expect(events()[0]).toMatchObject({ kind: 'enter', zoneId: 'room', label: 'person' });
    await client.close();
  });

  it.each([
    ['tasks-invalid', { task: 'faces', model: 'yolox-nano' }],
    ['tasks-invalid', { classes: ['dragon'] }],
    ['tasks-invalid', { threshold: 0.5, tasks: [{}] }],
    ['tasks-invalid', { output: 'passthrough', effects: { faces: 'blur' } }],
    ['zone-invalid', { zones: [{ id: 'a', kind: 'polygon', points: [{ x: 0, y: 0 }] }] }],
    ['model-unknown', { model: 'dragon' }],
    ['control-invalid', { rate: 1000 }],
  ] as const)('answers %s to %j, and leaves everything as it was', async (code, changes) => {
    const client = await dial({ threshold: 0.44 });
    await expectProblem(await patch(client, changes), code);
    const session = await fetch(`${sightline.url}/sessions/${client.sessionId}`);
    expect((await session.json()) as SessionDescription).toMatchObject({
      task: 'detect',
      threshold: 0.44,
      output: 'annotated',
      zones: [],
    });
    await client.close();
  });
});

/** Share of a picture that is pure green: U and V far below the middle. */
function greenShare({ planes: [, u, v] }: I420Picture): number {
  let green = 0;
  for (const [index, level] of u.entries()) if (level < 80 && (v[index] ?? 255) < 80) green++;
  return green / u.length;
}

function shifted<F extends { timestamp: number }>(film: readonly F[], rounds: number): F[] {
  return film.map((frame) => ({ ...frame, timestamp: frame.timestamp + 20 * rounds * film.length * 3000 }));
}
