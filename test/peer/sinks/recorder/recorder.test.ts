import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../../../peer/codec/native/codecs.ts';
import { rateLimitedWarning } from '../../../../peer/rate-limited-warning.ts';
import { Recorder } from '../../../../peer/sinks/recorder/recorder.ts';
import { type RecordingRequest, recordingRequestSchema } from '../../../../protocol/recordings.ts';
import { temporaryFolder } from '../../../models/temporary-folder.ts';
import { colourOf } from '../../../support/colour-film.ts';
import { FRAME_TICKS, linesOf, played, RecordedScene, TestSound } from '../../../support/recorded-scene.ts';

const folder = temporaryFolder();
const warn = rateLimitedWarning(pino({ level: 'silent' }));

afterEach(() => {
  expect(nativeCodecs.live).toBe(0);
});

function record(scene: RecordedScene, request: Partial<RecordingRequest> = {}, sound?: TestSound): Recorder {
  return new Recorder({
    scene,
    sound,
    codecs: nativeCodecs,
    folder: folder(),
    request: recordingRequestSchema.parse(request),
    maxBitrate: 2_000_000,
    warn,
  });
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('Recorder', () => {
  it('puts pictures, sound and results on one clock, across the wrap of timestamps', async () => {
    const scene = new RecordedScene(2 ** 32 - 20 * FRAME_TICKS);
    const sound = new TestSound();
    const recorder = record(scene, {}, sound);
    for (const n of numbers(50)) {
      await scene.show(1);
      // Two packets of 20 ms for each picture of 40 ms, each with its number
      for (const half of [0, 1]) {
        sound.say((scene.timestampOf(n) + half * 1800) >>> 0, Uint8Array.of(0xf8, 2 * n + half));
      }
      if (n >= 3) scene.find(n - 3);
    }
    await recorder.stop('stopped');

    const { pictures, sound: packets } = await played(join(folder(), '000.mp4'));
    const { framesDropped, ...state } = recorder.describe();
    expect(pictures.length + framesDropped).toBe(50);
    for (const { colour, seconds } of pictures) expect(colour).toBe(colourOf(Math.round(seconds * 25)));
    expect(packets.map(({ data }) => data[1])).toEqual(numbers(100));
    for (const [n, { seconds }] of packets.entries()) expect(seconds).toBeCloseTo(n * 0.02, 4);
    const lines = await linesOf(folder());
    expect(lines.map(({ seq }) => seq)).toEqual(numbers(47));
    for (const { seconds, seq } of lines) expect(seconds).toBeCloseTo(seq * 0.04, 5);
    expect(state).toMatchObject({
      state: 'finished',
      end: 'stopped',
      startTime: 1_764_000_000_000,
      resultLines: 47,
    });
    expect(state.parts).toHaveLength(1);
    expect(sound.isHeard).toBe(false);
    await scene.close();
  });

  it('begins a new part each time it is due, with the sound of the same time', async () => {
    const scene = new RecordedScene();
    const sound = new TestSound();
    const recorder = record(scene, { rotateSeconds: 2, results: false }, sound);
    for (const n of numbers(110)) {
      // Sound is ahead of the picture that takes longer to come
      for (const half of [4, 5]) sound.say(scene.timestampOf(n) + half * 1800, Uint8Array.of(0xf8, n));
      await scene.show(1);
    }
    await recorder.stop('stopped');
    const { parts, framesDropped } = recorder.describe();
    expect(parts.map(({ file }) => file)).toEqual(['000.mp4', '001.mp4', '002.mp4']);
    expect(parts.reduce((sum, { frames }) => sum + frames, framesDropped)).toBe(110);
    for (const { file, startSeconds, frames } of parts) {
      const { pictures, sound: packets } = await played(join(folder(), file));
      expect(pictures).toHaveLength(frames);
      for (const { colour, seconds } of pictures)
        expect(colour).toBe(colourOf(Math.round((startSeconds + seconds) * 25)));
      for (const { data, seconds } of packets) {
        const shownAt = ((data[1] ?? 0) + 2) * 0.04;
        expect(Math.floor((startSeconds + seconds + 0.001 - shownAt) / 0.02)).toBeOneOf([0, 1]);
      }
      expect(packets.length).toBeGreaterThan(0);
    }
    await scene.close();
  });

  it('begins a new part where the picture has another size, and makes it fit in the first seconds of a part', async () => {
    const scene = new RecordedScene();
    const recorder = record(scene, { results: false });
    await scene.show(10);
    await scene.show(45, { width: 128, height: 96 });
    await scene.show(55, { width: 128, height: 96 });
    await recorder.stop('stopped');
    const { parts } = recorder.describe();
    expect(parts.map(({ width, startSeconds }) => [width, Math.floor(startSeconds)])).toEqual([
      [64, 0],
      [128, 2],
    ]);
    for (const { file, width } of parts) expect((await played(join(folder(), file))).width).toBe(width);
    await scene.close();
  });

  it('ends by itself once it is as long as was asked for', async () => {
    const scene = new RecordedScene();
    const recorder = record(scene, { maxSeconds: 2, results: false });
    const ended = new Promise<void>((resolve) => recorder.once('ended', resolve));
    await scene.show(60);
    await ended;
    expect(recorder.describe()).toMatchObject({ state: 'finished', end: 'max-seconds' });
    const { pictures } = await played(join(folder(), '000.mp4'));
    expect(pictures.at(-1)?.seconds).toBeLessThan(2);
    expect(pictures.at(-1)?.seconds).toBeGreaterThan(1.5);
    await scene.close();
  });

  it('ends once its files are as large as was asked for', async () => {
    const scene = new RecordedScene();
    const recorder = record(scene, { maxBytes: 100_000 });
    await scene.show(2);
    for (let n = 0; !recorder.ended && n < 20_000; n++) scene.find(1);
    await scene.show(2);
    await recorder.stop('stopped');
    expect(recorder.describe()).toMatchObject({ state: 'finished', end: 'max-bytes' });
    await scene.close();
  });

  it('shows nothing of a picture as it came once something is to be hidden', async () => {
    const scene = new RecordedScene();
    const recorder = record(scene, { picture: 'original', results: false });
    await scene.show(20);
    scene.hiding = true;
    await scene.show(20);
    await recorder.stop('stopped');
    expect(recorder.describe()).toMatchObject({ state: 'finished', end: 'effects' });
    expect((await played(join(folder(), '000.mp4'))).pictures.length).toBeLessThanOrEqual(20);
    await scene.close();
  });

  it('fails aloud on a full disk, and lets the scene go on', async () => {
    await symlink('/dev/full', join(folder(), '000.mp4'));
    const scene = new RecordedScene();
    const recorder = record(scene, { results: false });
    const ended = new Promise<void>((resolve) => recorder.once('ended', resolve));
    await scene.show(120);
    await recorder.stop('stopped');
    await ended;
    expect(recorder.describe()).toMatchObject({
      state: 'failed',
      end: 'failed',
      failure: { code: 'recording-failed' },
    });
    expect(scene.frames).toBe(120);
    await scene.close();
  });

  it('fails aloud where the results cannot be written', async () => {
    await symlink('/dev/full', join(folder(), 'results.jsonl'));
    const scene = new RecordedScene();
    const recorder = record(scene);
    const ended = new Promise<void>((resolve) => recorder.once('ended', resolve));
    await scene.show(5);
    scene.find(2);
    await ended;
    expect(recorder.describe()).toMatchObject({ state: 'failed', failure: { code: 'recording-failed' } });
    expect((await played(join(folder(), '000.mp4'))).pictures.length).toBeGreaterThan(0);
    await scene.close();
  });
});
