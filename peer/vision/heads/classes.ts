import type { Candidate } from '../nms.ts';
import { type Head, readOutput } from './head.ts';

/** No more than this many answers to one question. */
const ANSWERS = 5;

/**
 * A classifier: float32 [1, classes], the probability of each class. Gives the likeliest, each over the whole of the
 * network's input.
 */
export const classes: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const { data } = readOutput(outputs, spec, [1, spec.labels.length]);
  if (!data.every(Number.isFinite)) {
    tally.malformed++;
    return [];
  }
  const { width, height } = spec.input;
  const box = { x: 0, y: 0, width, height };
  const found = Array.from(data, (score, classId): Candidate => ({ box, classId, score }));
  return found
    .filter(({ score }) => score >= spec.threshold)
    .sort((a, b) => b.score - a.score)
    .slice(0, ANSWERS);
};
