import { type Head, readOutput } from './head.ts';

/**
 * A line of text, read with connectionist temporal classification: float32 [1, steps, 2 + labels], at each step the
 * probability of "nothing", of each label (a character), and of a space. What repeats from one step to the next is one
 * character. Gives at most one candidate; its score is the mean of its characters'.
 * Source: Graves et al., "Connectionist Temporal Classification", 2006, best path decoding.
 */
export const textLine: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const width = spec.labels.length + 2;
  const { data, rows: steps } = readOutput(outputs, spec, [1, undefined, width]);
  let [text, sum, characters, last] = ['', 0, 0, 0];
  for (let step = 0; step < steps; step++) {
    const best = indexOfLargest(data, step * width, width);
    const probability = data[step * width + best] as number;
    if (!Number.isFinite(probability)) {
      tally.malformed++;
      return [];
    }
    if (best !== 0 && best !== last) {
      text += spec.labels[best - 1] ?? ' ';
      sum += probability;
      characters++;
    }
    last = best;
  }
  const trimmed = text.trim();
  const score = sum / characters;
  if (trimmed === '' || score < spec.threshold) return [];
  const { width: right, height: bottom } = spec.input;
  return [{ box: { x: 0, y: 0, width: right, height: bottom }, classId: 0, score, text: trimmed }];
};

/** NaN at the first place is the largest, so that a row that holds nothing else is noticed. */
function indexOfLargest(data: Float32Array, from: number, count: number): number {
  let best = from;
  for (let at = from + 1; at < from + count; at++) {
    if ((data[at] as number) > (data[best] as number)) best = at;
  }
  return best - from;
}
