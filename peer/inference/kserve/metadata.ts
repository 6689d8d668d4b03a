import { z } from 'zod';
import type { ModelManifest } from '../../../models/manifest.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { inputDims } from '../contract.ts';

const tensorSchema = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.coerce.number()) });

/** The answer to `GET /v2/models/{model}` (Open Inference Protocol v2, model metadata). */
const metadataSchema = z.object({ inputs: z.array(tensorSchema), outputs: z.array(tensorSchema) });

type TensorMetadata = z.infer<typeof tensorSchema>;

/** The name that the protocol has for the type of a model's input. */
export function inputDatatype({ type }: ModelManifest['input']): 'FP32' | 'INT32' {
  return type === 'int32' ? 'INT32' : 'FP32';
}

/**
 * Compares what a server says of a model with its manifest: one input, and the outputs that the manifest names, among
 * others. A dimension of -1 takes any size.
 *
 * @param where names the server and the model in the message.
 * @throws {SightlineError} `backend-invalid`
 */
export function checkMetadata(manifest: ModelManifest, where: string, json: unknown): void {
  const parsed = metadataSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const found = `${issue?.path.join('.') || 'it'}: ${issue?.message}`;
    throw invalid(where, 'the metadata of a model', found);
  }
  const { inputs, outputs } = parsed.data;
  const { input } = manifest;
  const expectedInput = { name: input.name, datatype: inputDatatype(input), shape: inputDims(input) };
  if (inputs.length !== 1 || !has(inputs, expectedInput)) throw differs(where, [expectedInput], inputs);
  const expected = manifest.outputs.map(({ name, dims }) => ({ name, datatype: 'FP32', shape: dims }));
  if (!expected.every((output) => has(outputs, output))) throw differs(where, expected, outputs);
}

/** Whether the dimensions agree, where both name a size. */
export function dimsAgree(expected: readonly number[], found: readonly number[]): boolean {
  if (expected.length !== found.length) return false;
  return expected.every((side, index) => side < 0 || (found[index] ?? 0) < 0 || side === found[index]);
}

function has(found: readonly TensorMetadata[], { name, datatype, shape }: TensorMetadata): boolean {
  const tensor = found.find((each) => each.name === name);
  return tensor?.datatype === datatype && dimsAgree(shape, tensor.shape);
}

function differs(where: string, expected: readonly TensorMetadata[], found: readonly TensorMetadata[]) {
  return invalid(where, inWords(expected), inWords(found));
}

function inWords(tensors: readonly TensorMetadata[]): string {
  const words = tensors.map(({ name, datatype, shape }) => `${name} ${datatype}[${shape.join(',')}]`);
  return words.slice(0, 8).join(', ') || 'none';
}

function invalid(where: string, expected: string, found: string): SightlineError {
  return new SightlineError(
    'backend-invalid',
    `Cannot use ${where}: expected ${expected}, found ${found.slice(0, 300)}`,
  );
}
