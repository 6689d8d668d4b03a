import type { MaskRuns } from '../../protocol/detections.ts';
import type { Mask } from './found.ts';

/** From this on a pixel is covered. */
const COVERED = 128;

/** A mask as it crosses the wire: lengths of runs, first of what is not covered, then of what is, in turns. */
export function toRuns({ width, height, data }: Mask): MaskRuns {
  const runs: number[] = [];
  let covered = false;
  let length = 0;
  for (const level of data) {
    if (level >= COVERED !== covered) {
      runs.push(length);
      covered = !covered;
      length = 0;
    }
    length++;
  }
  runs.push(length);
  return { width, height, runs };
}
