import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opusFormat } from '../../peer/codec/media-audio.ts';
import { fileSource } from '../../peer/codec/media-source.ts';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { type Detections, detectionsSchema } from '../../protocol/detections.ts';
import { type Recording, recordingListSchema, recordingSchema } from '../../protocol/recordings.ts';
import { sessionDescriptionSchema } from '../../protocol/session.ts';
import { AvClient } from '../support/av-client.ts';
import { syntheticFilm } from '../support/coded-film.ts';
import { colourOf, writeColourFilm } from '../support/colour-film.ts';
import { eventually } from '../support/eventually.ts';
import { idlePeer } from '../support/idle-peer.ts';
import { expectProblem } from '../support/problem.ts';
import { played } from '../support/recorded-scene.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { sendUntil } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

/** A zone that is drawn wherever results are. */
const points = [
  { x: 0.1, y: 0.1 },
  { x: 0.9, y: 0.1 },
  { x: 0.9, y: 0.9 },
  { x: 0.1, y: 0.9 },
];
/** Of every sample of the synthetic film. */
const FILM_BLUE = 110;
const zones = [{ kind: 'polygon', id: 'middle', points }];

describe('recordings of calls', () => {
  let folder: string;
  let sightline: Sightline;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-recordings-'));
    sightline = await startSightline({
      SIGHTLINE_RECORDINGS_DIR: join(folder, 'kept'),
      SIGHTLINE_SOURCE_DIR: folder,
    });
  });
  afterAll(async () => {
    await sightline?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = (path: string, init: RequestInit = {}) => fetch(new URL(path, sightline.url), init);
  const post = (sessionId: string, request: object) =>
    ask(`/sessions/${sessionId}/recordings`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
  const begin = async (sessionId: string, request: object = {}): Promise<Recording> => {
    const answer = await post(sessionId, request);
    const recording = recordingSchema.parse(await answer.json());
    expect([answer.status, answer.headers.get('Location')]).toEqual([201, `/recordings/${recording.id}`]);
    return recording;
  };
  const describeOf = async (id: string) =>
    recordingSchema.parse(await (await ask(`/recordings/${id}`)).json());
  const end = async ({ sessionId, id }: Recording) => {
    const answer = await ask(`/sessions/${sessionId}/recordings/${id}`, { method: 'DELETE' });
    return recordingSchema.parse(await answer.json());
  };
  /** Downloads a file of a recording. @returns its path here */
  const download = async (id: string, file: string) => {
    const path = join(folder, `${id}-${file}`);
    await writeFile(path, Buffer.from(await (await ask(`/recordings/${id}/${file}`)).arrayBuffer()));
    return path;
  };
  const linesOf = async (id: string) => {
    const text = await readFile(await download(id, 'results.jsonl'), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Detections & { seconds: number });
  };

  const framesDecoded = async (sessionId: string) => {
    const { tracks } = sessionDescriptionSchema.parse(await (await ask(`/sessions/${sessionId}`)).json());
    return tracks[0]?.framesDecoded ?? 0;
  };

  it('hold picture and sound as they came, and results on the same clock, after the call has ended', async () => {
    const client = await AvClient.dial(sightline.url);
    const { id } = await begin(client.sessionId);
    await Promise.all([client.speak(110), client.film(65)]);
    const decoded = await framesDecoded(client.sessionId);
    expect((await ask(`/sessions/${client.sessionId}`, { method: 'DELETE' })).status).toBe(204);
    await client.close();
    const ended = await eventually(
      () => describeOf(id),
      ({ state }) => state !== 'recording',
    );
    expect(ended).toMatchObject({ state: 'finished', end: 'session-closed', sound: true });

    const { pictures, sound } = await played(await download(id, '000.mp4'));
    expect(pictures.length + ended.framesDropped).toBeGreaterThan(decoded / 2);
    expect(pictures.length).toBeGreaterThan(5);
    const numbers = sound.map(({ data }) => data[1] ?? 0);
    expect(numbers).toEqual(numbers.map((_, n) => n + (numbers[0] ?? 0)));
    const steps = sound.slice(1).map(({ seconds }, n) => seconds - (sound[n]?.seconds ?? 0));
    expect(steps.toSorted((a, b) => a - b)[steps.length >> 1]).toBeCloseTo(0.02, 3);
    const lines = await linesOf(id);
    expect(lines).toHaveLength(ended.resultLines);
    const [first] = lines;
    for (const { seconds, ...result } of lines) {
      expect(detectionsSchema.parse(result).sessionId).toBe(client.sessionId);
      const ticks = result.rtpTimestamp - (first?.rtpTimestamp ?? 0);
      expect(seconds - (first?.seconds ?? 0)).toBeCloseTo(ticks / 90_000, 4);
      // A picture of the recording has this very time
      const nearest = Math.min(...pictures.map((picture) => Math.abs(picture.seconds - seconds)));
      if (ended.framesDropped === 0) expect(nearest).toBeLessThan(0.001);
    }
    expect(lines.length).toBeGreaterThan(0);
  });

  it('hold the sound of a source in step with its pictures', async () => {
    const sound = Array.from({ length: 200 }, (_, n) => ({
      data: Uint8Array.of(0xf8, n),
      seconds: n * 0.02,
      durationSeconds: 0.02,
    }));
    await writeColourFilm({ target: join(folder, 'film.mp4'), frames: 100, sound, audio: opusFormat() });
    const answer = await ask('/sources', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: 'film.mp4' }),
    });
    const sessionId = answer.headers.get('Location')?.split('/').at(-1) ?? '';
    const { id } = await begin(sessionId, { picture: 'original', results: false });
    const ended = await eventually(
      () => describeOf(id),
      ({ state }) => state !== 'recording',
    );
    expect(ended).toMatchObject({ state: 'finished', end: 'session-closed', sound: true });
    const { pictures, sound: heard } = await played(await download(id, '000.mp4'));
    expect(heard.length).toBeGreaterThan(20);
    // Where the recording began in the film
    const starts = heard.map(({ data, seconds }) => (data[1] ?? 0) * 0.02 - seconds);
    const start = starts[0] ?? 0;
    for (const other of starts) expect(other).toBeCloseTo(start, 3);
    expect(pictures.length).toBeGreaterThan(20);
    for (const { colour, seconds } of pictures)
      expect(colour).toBe(colourOf(Math.round((start + seconds) * 25)));
  });

  it('show what was drawn, or what the camera sent, unless effects hide it', async () => {
    const client = await RtcClient.dial(sightline.url, { codec: 'VP8', settings: { zones } });
    const annotated = await begin(client.sessionId);
    const original = await begin(client.sessionId, { picture: 'original', results: false });
    let rounds = 0;
    await sendUntil(client, await syntheticFilm('VP8', 30, 0), () => ++rounds >= 2);
    const endedAnnotated = await end(annotated);
    const settings = { method: 'PATCH', headers: { 'Content-Type': 'application/json' } };
    const blurred = await ask(`/sessions/${client.sessionId}`, {
      ...settings,
      body: JSON.stringify({ effects: { faces: 'blur' } }),
    });
    expect(blurred.status).toBe(200);
    await sendUntil(client, await syntheticFilm('VP8', 15, 180_000), () => true);
    const endedOriginal = await eventually(
      () => describeOf(original.id),
      ({ state }) => state !== 'recording',
    );
    expect(endedOriginal).toMatchObject({ state: 'finished', end: 'effects' });
    await expectProblem(await post(client.sessionId, { picture: 'original' }), 'recording-hidden');
    expect(endedAnnotated).toMatchObject({ state: 'finished', end: 'stopped' });

    const { recordings } = recordingListSchema.parse(
      await (await ask(`/sessions/${client.sessionId}/recordings`)).json(),
    );
    expect(recordings.map(({ id }) => id)).toEqual([original.id, annotated.id]);
    expect(await coloured(await download(original.id, '000.mp4'))).toBe(0);
    expect(await coloured(await download(annotated.id, '000.mp4'))).toBeGreaterThan(0);
    expect((await ask(`/sessions/${client.sessionId}`, { method: 'DELETE' })).status).toBe(204);
    await client.close();
    await idlePeer(sightline);
  });

  it('can be played but for the last two seconds where the media peer was killed', async () => {
    const client = await RtcClient.dial(sightline.url, { codec: 'VP8' });
    const { id } = await begin(client.sessionId);
    let rounds = 0;
    await sendUntil(client, await syntheticFilm('VP8', 30, 0), () => ++rounds >= 5);
    const { durationSeconds } = await describeOf(id);
    expect(durationSeconds).toBeGreaterThan(2.5);
    const signaling = sightline.child.pid;
    const peer = Number(await readFile(`/proc/${signaling}/task/${signaling}/children`, 'utf8'));
    process.kill(peer, 'SIGKILL');
    await client.close();

    const left = await eventually(
      async () => {
        const answer = await ask(`/recordings/${id}`);
        return answer.ok ? recordingSchema.parse(await answer.json()) : undefined;
      },
      (recording) => recording?.state === 'interrupted',
      { timeoutMs: 25_000 },
    );
    const { pictures } = await played(await download(id, '000.mp4'));
    expect(pictures.at(-1)?.seconds).toBeGreaterThan(durationSeconds - 2.5);
    expect(left?.bytes).toBeGreaterThan(0);
    for (const line of await linesOf(id)) expect(line.type).toBe('detections');
    expect((await ask(`/recordings/${id}`, { method: 'DELETE' })).status).toBe(204);
    await expectProblem(await ask(`/recordings/${id}/000.mp4`), 'recording-unknown');
  });
});

/** How many samples of its last picture are of another colour than the film, which has one: what was drawn. */
async function coloured(path: string): Promise<number> {
  await using reader = await nativeCodecs.openReader(fileSource(path));
  let count = Number.NaN;
  for (let item = await reader.read(); item; item = await reader.read()) {
    if (item.type !== 'picture') continue;
    using frame = item.frame;
    count = frame.picture.planes[1].filter((sample) => Math.abs(sample - FILM_BLUE) > 30).length;
  }
  return count;
}
