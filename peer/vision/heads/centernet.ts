import { type Candidate, nms } from '../nms.ts';
import { type Head, readOutput } from './head.ts';

/** Values in a row: left, top, right, bottom, score, class. */
const rowValues = 6;

/**
 * CenterNet as the graph of `@vladmandic/human` decodes it itself: float32 [1, detections, 6], one row a peak of the
 * heat map, by falling score: left, top, right and bottom in pixels of the network's input, score, and the class as a
 * whole number from 0. Peaks are already maxima of their neighbourhood; what is left to suppress are the twins that
 * two peaks on one large object leave. Source: Zhou et al., "Objects as Points".
 */
export const centernet: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const { data, rows } = readOutput(outputs, spec, [1, undefined, rowValues]);
  const candidates: Candidate[] = [];
  for (let row = 0; row < rows; row++) {
    const values = data.subarray(row * rowValues, (row + 1) * rowValues);
    const [left = 0, top = 0, right = 0, bottom = 0, score = 0, classId = 0] = values;
    if (score < spec.threshold) continue;
    if (!values.every(Number.isFinite) || spec.labels[classId] === undefined) {
      tally.malformed++;
      continue;
    }
    const box = { x: left, y: top, width: right - left, height: bottom - top };
    if (box.width > 0 && box.height > 0) candidates.push({ box, classId, score });
  }
  return nms(candidates);
};
