import { type Head, readOutput } from './head.ts';
import { readSsd, type SsdGrid, ssdRows } from './ssd.ts';

/** Wrist, then the knuckles of index, middle, ring and little finger, then both joints of the thumb's base. */
const points = 7;

/** Values in a row: box and keypoints. */
const rowValues = 4 + 2 * points;

const grids = [
  { stride: 8, perCell: 2 },
  { stride: 16, perCell: 6 },
];

/**
 * BlazePalm (128²): logits float32 [1, rows, 1] and rows float32 [1, rows, 18], the finer grid first; see
 * {@link readSsd}. Source: Zhang et al., "MediaPipe Hands: On-device Real-time Hand Tracking", section 2.1.
 */
export const palm: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const rows = grids.reduce((count, grid) => count + ssdRows(spec, grid), 0);
  const { data: scores } = readOutput(outputs, spec, [1, rows, 1]);
  const { data: values } = readOutput(outputs, spec, [1, rows, rowValues], 1);
  let from = 0;
  const found = grids.map((grid): SsdGrid => {
    const to = from + ssdRows(spec, grid);
    const part = {
      ...grid,
      scores: scores.subarray(from, to),
      values: values.subarray(from * rowValues, to * rowValues),
    };
    from = to;
    return part;
  });
  return readSsd(found, points, spec, tally);
};
