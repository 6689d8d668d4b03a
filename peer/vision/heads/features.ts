import { type Head, readOutput } from './head.ts';

/** 1024 numbers of full precision are 20 KB of JSON; four digits of a unit vector tell things apart as well. */
const DIGITS = 1e4;

/**
 * The features of a trunk: float32 [1, rows, columns, features], whose mean over the picture is taken, or the mean
 * itself, [1, features]. Gives one candidate over the whole of the network's input, with the features brought to unit
 * length; they are as good whatever they show, so its score is 1.
 */
export const features: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const rank = outputs[spec.outputs[0]?.name ?? '']?.dims.length;
  const { data, dims } = readOutput(
    outputs,
    spec,
    rank === 4 ? [1, undefined, undefined, undefined] : [1, undefined],
  );
  const sums = new Float64Array(dims.at(-1) ?? 0);
  for (let at = 0; at < data.length; at++) {
    const feature = at % sums.length;
    sums[feature] = (sums[feature] as number) + (data[at] as number);
  }
  const length = Math.hypot(...sums);
  if (!(length > 0 && Number.isFinite(length))) {
    tally.malformed++;
    return [];
  }
  const embedding = Array.from(sums, (sum) => Math.round((sum / length) * DIGITS) / DIGITS);
  const { width, height } = spec.input;
  return [{ box: { x: 0, y: 0, width, height }, classId: 0, score: 1, embedding }];
};
