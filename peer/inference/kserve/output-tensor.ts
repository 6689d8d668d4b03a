import type { ModelManifest } from '../../../models/manifest.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import type { HeadOutputs } from '../../vision/heads/index.ts';
import { dimsAgree } from './metadata.ts';

/** What a server says of an output. */
interface OutputFace {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/** An output as heads read it. @throws Error in words where it is another one than expected */
export function toOutput(
  { name, datatype, shape }: OutputFace,
  expected: readonly number[],
  values: Float32Array,
): HeadOutputs[string] {
  if (datatype !== 'FP32' || !dimsAgree(expected, shape))
    throw new Error(`${name} ${datatype}[${shape.join(',')}]`);
  const length = shape.reduce((product, side) => product * side, 1);
  if (values.length !== length) throw new Error(`${values.length} values for ${name}[${shape.join(',')}]`);
  return { data: values, dims: shape };
}

/** A copy: floats begin at multiples of four bytes, and what comes before them in an answer may have any length. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes.subarray(0, bytes.length & ~3)).buffer);
}

/** @throws Error in words where an output that the manifest names is not there */
export function expectAll({ outputs }: ModelManifest, found: HeadOutputs): void {
  const missing = outputs.find(({ name }) => !(name in found));
  if (missing !== undefined) throw new Error(`no output ${missing.name}`);
}

/** `backend-invalid`: what `where` answered is not what protocol and manifest say. */
export function unreadable(manifest: ModelManifest, where: string, cause: unknown): SightlineError {
  const found = cause instanceof Error ? cause.message : String(cause);
  const expected = manifest.outputs.map(({ name, dims }) => `${name} FP32[${dims.join(',')}]`).join(', ');
  const message = `Cannot read what ${where} answers: expected ${expected}, found ${found.slice(0, 300)}`;
  return new SightlineError('backend-invalid', message, { cause });
}
