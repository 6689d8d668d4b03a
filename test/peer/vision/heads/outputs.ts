import type { HeadOutputs } from '../../../../peer/vision/heads/index.ts';

/** An output of these dimensions, all of it `fill` but for the values given by index. */
export function output(
  dims: readonly number[],
  values: Record<number, number> = {},
  fill = 0,
): HeadOutputs[string] {
  const data = new Float32Array(dims.reduce((product, side) => product * side, 1)).fill(fill);
  for (const [index, value] of Object.entries(values)) data[Number(index)] = value;
  return { data, dims };
}
