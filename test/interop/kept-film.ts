import { readFile } from 'node:fs/promises';
import { FFmpegError, FormatContext } from 'node-av/lib';
import type { I420Picture } from '../../peer/vision/i420.ts';
import { type Detections, detectionsSchema } from '../../protocol/detections.ts';
import { readFootage } from '../support/footage.ts';
import { iou } from '../support/iou.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';

const SIZE = { width: 640, height: 480 };

/** The results that a client has written, one a line. */
export async function readResults(path: string): Promise<Detections[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => detectionsSchema.parse(JSON.parse(line)));
}

/** The share of results that find the man of the film where he is. */
export function shareWithMan(results: readonly Detections[]): number {
  const persons = results.map(({ objects }) => objects.find(({ label }) => label === 'person'));
  const overlaps = persons.map((person) => (person ? iou(person.box, MAN_AT_WEBCAM) : 0));
  return overlaps.filter((overlap) => overlap > 0.7).length / overlaps.length;
}

/** The kinds of stream in a file that hold something. */
export async function streamsOf(path: string): Promise<Set<number | undefined>> {
  const format = new FormatContext();
  FFmpegError.throwIfError(await format.openInput(path), `Cannot open ${path}`);
  const kinds = (format.streams ?? [])
    .filter(({ nbFrames }) => nbFrames > 0n)
    .map(({ codecpar }) => codecpar.codecType);
  await format.closeInput();
  return new Set(kinds);
}

/** Pixels in the vivid green of a person's box, where its left edge is, in each frame of a film. */
export async function greenInEachFrame(path: string): Promise<number[]> {
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

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
