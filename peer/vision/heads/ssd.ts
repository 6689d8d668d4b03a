import { type Candidate, nms } from '../nms.ts';
import type { HeadSpec, HeadTally } from './head.ts';

/** The rows of one grid of a single-shot detector: `perCell` rows for each cell, row by row from the top left. */
export interface SsdGrid {
  /** Pixels of the network's input between two neighbouring cells. */
  readonly stride: number;
  readonly perCell: number;
  /** One logit a row. */
  readonly scores: Float32Array;
  /** Of each row: centre x and y, width, height, then x and y of each keypoint, all in pixels. */
  readonly values: Float32Array;
}

/** Two boxes that overlap by more than this are one thing; the value of MediaPipe's graphs. */
const SAME_THING = 0.3;

/**
 * The detectors of MediaPipe (BlazeFace, BlazePalm): every row stands at the middle of its cell, and its box and
 * keypoints are offsets from there. Anchors have no size of their own.
 * Source: Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", section 3.
 *
 * @param keypoints how many each row has.
 */
export function readSsd(
  grids: readonly SsdGrid[],
  keypoints: number,
  spec: HeadSpec,
  tally: HeadTally,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const { stride, perCell, scores, values } of grids) {
    const columns = spec.input.width / stride;
    const width = 4 + 2 * keypoints;
    for (let row = 0; row < scores.length; row++) {
      const score = sigmoid(scores[row] as number);
      if (score < spec.threshold) continue;
      const cell = Math.floor(row / perCell);
      const x = ((cell % columns) + 0.5) * stride;
      const y = (Math.floor(cell / columns) + 0.5) * stride;
      const offsets = values.subarray(row * width, (row + 1) * width);
      if (Number.isFinite(score) && offsets.every(Number.isFinite)) {
        candidates.push(readRow(offsets, x, y, score));
      } else {
        tally.malformed++;
      }
    }
  }
  return nms(candidates, { iou: SAME_THING });
}

/** How many rows such a grid has. */
export function ssdRows(
  { input }: HeadSpec,
  { stride, perCell }: Pick<SsdGrid, 'stride' | 'perCell'>,
): number {
  return (input.width / stride) * (input.height / stride) * perCell;
}

function readRow(offsets: Float32Array, x: number, y: number, score: number): Candidate {
  const [centreX = 0, centreY = 0, width = 0, height = 0, ...points] = offsets;
  const keypoints = Array.from({ length: points.length / 2 }, (_, index) => ({
    x: x + (points[2 * index] ?? 0),
    y: y + (points[2 * index + 1] ?? 0),
  }));
  const box = { x: x + centreX - width / 2, y: y + centreY - height / 2, width, height };
  return { box, classId: 0, score, keypoints };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
