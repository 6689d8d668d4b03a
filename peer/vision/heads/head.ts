import { SightlineError } from '../../../protocol/errors.ts';
import type { Candidate } from '../nms.ts';

/** One output of a model. */
interface HeadOutput {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** The outputs of a model by name. */
export type HeadOutputs = Readonly<Record<string, HeadOutput>>;

/** What a head has to know of the model; a manifest has all of it. */
export interface HeadSpec {
  /** Pixels of the network's input. */
  readonly input: { readonly width: number; readonly height: number };
  /** In the order in which the head reads them. */
  readonly outputs: readonly { readonly name: string }[];
  /** One for each class. */
  readonly labels: readonly string[];
  /** Candidates below this score are left out. */
  readonly threshold: number;
}

/** Counts what a head had to ignore, for the statistics of the caller. */
export interface HeadTally {
  /** Rows that held NaN, Infinity, or a class that the model does not have. */
  malformed: number;
}

/**
 * Reads a model's outputs: candidates in pixels of the network's input, after suppression, by falling score.
 *
 * @param tally is added to, where given.
 * @throws SightlineError `model-contract-mismatch` where the outputs are not those of this head.
 */
export type Head = (outputs: HeadOutputs, spec: HeadSpec, tally?: HeadTally) => Candidate[];

/**
 * The values of an output that a head reads.
 *
 * @param dims what its dimensions must be; undefined where any will do.
 * @param index which of the outputs that the manifest names.
 * @throws SightlineError `model-contract-mismatch`
 */
export function readOutput(
  outputs: HeadOutputs,
  spec: HeadSpec,
  dims: readonly (number | undefined)[],
  index = 0,
): { data: Float32Array; dims: readonly number[]; rows: number } {
  const name = spec.outputs[index]?.name ?? '';
  const output = outputs[name];
  const expected = `[${dims.map((side) => side ?? 'any').join(',')}]`;
  if (!output) {
    const found = Object.keys(outputs).join(', ') || 'none';
    throw mismatch(`expected an output "${name}" of ${expected}, found ${found}`);
  }
  const matches =
    output.dims.length === dims.length &&
    output.dims.every((side, axis) => (dims[axis] ?? side) === side) &&
    output.data.length === output.dims.reduce((product, side) => product * side, 1);
  if (!matches) {
    const found = `[${output.dims.join(',')}] with ${output.data.length} values`;
    throw mismatch(`expected the output "${name}" to be ${expected}, found ${found}`);
  }
  return { data: output.data, dims: output.dims, rows: output.dims[1] ?? 0 };
}

function mismatch(detail: string): SightlineError {
  return new SightlineError('model-contract-mismatch', `Cannot read what the model found: ${detail}`);
}
