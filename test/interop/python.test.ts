import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { FFmpegError, FormatContext } from 'node-av/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { I420Picture } from '../../peer/vision/i420.ts';
import { type Detections, detectionsSchema } from '../../protocol/detections.ts';
import { eventually } from '../support/eventually.ts';
import { footagePath, readFootage } from '../support/footage.ts';
import { iou } from '../support/iou.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';
import { hasAiortc, runPythonClient } from './python-client.ts';

const film = footagePath('asl_milk.mkv');
const SIZE = { width: 640, height: 480 };

describe.skipIf(!hasAiortc)('examples/python/client.py (skipped where there is no python3-aiortc)', () => {
  let sightline: Sightline;
  let folder: string;

  beforeAll(async () => {
    [sightline, folder] = await Promise.all([startSightline(), mkdtemp(join(tmpdir(), 'sightline-python-'))]);
  });
  afterAll(async () => {
    await sightline?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  /** Sends a film. @returns where the annotated one is, and the results */
  const send = async (source: string, ...args: string[]) => {
    const [video, detections] = [join(folder, 'annotated.mp4'), join(folder, 'detections.jsonl')];
    const kept = ['--video', video, '--detections', detections];
    const { code, output } = await runPythonClient(source, '--server', sightline.url, ...kept, ...args);
    expect(code, output).toBe(0);
    return { video, results: parseLines(await readFile(detections, 'utf8')) };
  };

  it.skipIf(!film)(
    'keeps the annotated film and its results (skipped where there is no footage)',
    async () => {
      const { video, results } = await send(film ?? '', '--loop', '--seconds', '5');
      expect(results.length).toBeGreaterThan(5);
      const persons = results.map(({ objects }) => objects.find(({ label }) => label === 'person'));
      const overlaps = persons.map((person) => (person ? iou(person.box, MAN_AT_WEBCAM) : 0));
      expect(overlaps.filter((overlap) => overlap > 0.7).length / overlaps.length).toBeGreaterThan(0.8);
      const [sent, returned] = [await greenInEachFrame(film ?? ''), await greenInEachFrame(video)];
      expect(returned.length).toBeGreaterThan(10);
      expect(median(returned)).toBeGreaterThan(median(sent) + 200);
    },
  );

  it('sends sound beside a picture of its own making, and hangs up when it is told to', async () => {
    const source = 'testsrc2=size=320x240:rate=30 [out0]; sine=sample_rate=48000 [out1]';
    const { video, results } = await send(source, '--format', 'lavfi', '--seconds', '2');
    expect(results).toMatchObject(results.map(() => ({ mid: '0', width: 320, height: 240 })));
    expect(results.length).toBeGreaterThan(2);
    expect(await streamsOf(video)).toEqual(new Set([AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO]));
    const [peer] = await eventually(
      () => sightline.peers(),
      ([found]) => found?.sessions === 0,
    );
    expect(peer?.sessions).toBe(0);
  });

  it('says why the server does not take a call', async () => {
    const address = `${sightline.url}/nowhere`;
    const source = ['testsrc2', '--format', 'lavfi', '--server', address];
    const { code, output } = await runPythonClient(...source, '--video', join(folder, 'none.mp4'));
    expect(code).toBe(1);
    expect(output).toMatch(/^The server does not take the call: /m);
  });
});

function parseLines(text: string): Detections[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => detectionsSchema.parse(JSON.parse(line)));
}

/** The kinds of stream in a file that hold something. */
async function streamsOf(path: string): Promise<Set<number | undefined>> {
  const format = new FormatContext();
  FFmpegError.throwIfError(await format.openInput(path), `Cannot open ${path}`);
  const kinds = (format.streams ?? [])
    .filter(({ nbFrames }) => nbFrames > 0n)
    .map(({ codecpar }) => codecpar.codecType);
  await format.closeInput();
  return new Set(kinds);
}

/** Pixels in the vivid green of a person's box, where its left edge is, in each frame of a film. */
async function greenInEachFrame(path: string): Promise<number[]> {
  const counts: number[] = [];
  for await (using frame of readFootage(path, SIZE)) counts.push(greenAtLeftEdge(frame.picture));
  return counts;
}

function greenAtLeftEdge({ planes: [y, u, v], strides, width, height }: I420Picture): number {
  const edge = Math.round(MAN_AT_WEBCAM.x * width);
  let count = 0;
  for (let row = Math.floor(0.3 * height); row < 0.8 * height; row++) {
    for (let column = edge - 40; column < edge + 40; column++) {
      const chroma = (row >> 1) * strides[1] + (column >> 1);
      const [luma = 0, cb = 128, cr = 128] = [y[row * strides[0] + column], u[chroma], v[chroma]];
      if (luma > 90 && cb < 100 && cr < 100) count++;
    }
  }
  return count;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
