import { type Candidate, nms } from '../nms.ts';
import { type Head, readOutput } from './head.ts';

/** Two boxes that overlap by more than this are one face; the value that the authors use. */
const SAME_FACE = 0.3;

/**
 * UltraFace as its ONNX export decodes it itself: scores float32 [1, priors, 2] (no face, face; after the softmax) and
 * boxes float32 [1, priors, 4], left, top, right and bottom in fractions of the network's input.
 * Source: Linzaer, "Ultra-Light-Fast-Generic-Face-Detector-1MB".
 */
export const ultraface: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const { width, height } = spec.input;
  const { data: scores, rows } = readOutput(outputs, spec, [1, undefined, 2]);
  const { data: corners } = readOutput(outputs, spec, [1, rows, 4], 1);
  const candidates: Candidate[] = [];
  for (let row = 0; row < rows; row++) {
    const score = scores[row * 2 + 1] as number;
    if (score < spec.threshold) continue;
    const [left = 0, top = 0, right = 0, bottom = 0] = corners.subarray(row * 4, row * 4 + 4);
    if (!Number.isFinite(score + left + top + right + bottom)) {
      tally.malformed++;
      continue;
    }
    const box = {
      x: left * width,
      y: top * height,
      width: (right - left) * width,
      height: (bottom - top) * height,
    };
    if (box.width > 0 && box.height > 0) candidates.push({ box, classId: 0, score });
  }
  return nms(candidates, { iou: SAME_FACE });
};
