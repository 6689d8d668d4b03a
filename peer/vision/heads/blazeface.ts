import { type Head, readOutput } from './head.ts';
import { readSsd, ssdRows } from './ssd.ts';

/** Both eyes, nose, mouth, both ears; the side of a person's right hand first. */
const points = 6;

/** Values in a row: box and keypoints. */
const rowValues = 4 + 2 * points;

const grids = [
  { stride: 16, perCell: 2 },
  { stride: 32, perCell: 6 },
];

/**
 * BlazeFace, the one for the camera on the back (256²): of each grid, the finer first, logits float32 [1, rows, 1] and
 * then rows float32 [1, rows, 16]; see {@link readSsd}. Source: Bazarevsky et al., "BlazeFace", 2019.
 */
export const blazeface: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const found = grids.map((grid, index) => {
    const rows = ssdRows(spec, grid);
    const { data: scores } = readOutput(outputs, spec, [1, rows, 1], 2 * index);
    const { data: values } = readOutput(outputs, spec, [1, rows, rowValues], 2 * index + 1);
    return { ...grid, scores, values };
  });
  return readSsd(found, points, spec, tally);
};
