import { around } from './around.ts';
import { type Head, readOutput } from './head.ts';

/** Keypoints of COCO, from the nose to the right ankle. */
const points = 17;

/** A keypoint below this is not to be seen, and does not stretch the box; the value that the model card names. */
const VISIBLE = 0.2;

/** Keypoints whose mean is the score: a webcam shows little more than the upper half of a person. */
const SURE_POINTS = 9;

/**
 * MoveNet SinglePose: float32 [1, 1, 17, 3], of each keypoint y and x in fractions of the network's input, and its
 * score. Gives at most one person, with all keypoints; its score is the mean of the nine surest, its box holds those
 * that are visible. Source: the model card of MoveNet.SinglePose (Google, 2021).
 */
export const movenet: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const { data } = readOutput(outputs, spec, [1, 1, points, 3]);
  if (!data.every(Number.isFinite)) {
    tally.malformed++;
    return [];
  }
  const keypoints = Array.from({ length: points }, (_, index) => {
    const [y = 0, x = 0, score = 0] = data.subarray(index * 3, index * 3 + 3);
    return { x: x * spec.input.width, y: y * spec.input.height, score: Math.min(1, Math.max(0, score)) };
  });
  const score = meanOfBest(keypoints.map((point) => point.score));
  const box = around(keypoints.filter((point) => point.score >= VISIBLE));
  return score < spec.threshold ? [] : [{ box, classId: 0, score, keypoints }];
};

function meanOfBest(scores: readonly number[]): number {
  const best = scores.toSorted((a, b) => b - a).slice(0, SURE_POINTS);
  return best.reduce((sum, score) => sum + score, 0) / SURE_POINTS;
}
