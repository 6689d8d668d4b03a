import { z } from 'zod';
import type { ModelManifest } from '../../../models/manifest.ts';
import type { HeadOutputs } from '../../vision/heads/index.ts';
import type { HttpAnswer } from './http-call.ts';
import { JSON_LENGTH_HEADER } from './infer-request.ts';
import { expectAll, floatsOf, toOutput, unreadable } from './output-tensor.ts';

const outputSchema = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int().min(0)).max(8),
  data: z.array(z.unknown()).optional(),
  parameters: z.object({ binary_data_size: z.int().min(0).optional() }).optional(),
});
const answerSchema = z.object({ outputs: z.array(outputSchema) });
type Output = z.infer<typeof outputSchema>;

/**
 * Reads the outputs that the manifest names from the answer to an inference request, whichever form they are in.
 *
 * @param where names the server and the model in the message.
 * @throws {SightlineError} `backend-invalid` where the answer is not what the protocol and the manifest say
 */
export function readInferAnswer(manifest: ModelManifest, where: string, answer: HttpAnswer): HeadOutputs {
  try {
    return readOutputs(manifest, answer);
  } catch (cause) {
    throw unreadable(manifest, where, cause);
  }
}

function readOutputs(manifest: ModelManifest, { headers, body }: HttpAnswer): HeadOutputs {
  const announced = headers[JSON_LENGTH_HEADER];
  const jsonLength = announced === undefined ? body.length : Number(announced);
  if (!(Number.isInteger(jsonLength) && jsonLength >= 0 && jsonLength <= body.length))
    throw new Error(`a JSON part of ${String(announced)} bytes in an answer of ${body.length}`);
  const parsed = answerSchema.safeParse(JSON.parse(body.toString('utf8', 0, jsonLength)));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error).slice(0, 200));
  const wanted = new Map(manifest.outputs.map(({ name, dims }) => [name, dims]));
  const outputs: Record<string, HeadOutputs[string]> = {};
  let offset = jsonLength;
  for (const output of parsed.data.outputs) {
    const bytes = output.parameters?.binary_data_size ?? 0;
    const dims = wanted.get(output.name);
    if (offset + bytes > body.length) throw new Error(`the output ${output.name} cut short`);
    if (dims) outputs[output.name] = readOutput(output, dims, body.subarray(offset, offset + bytes));
    offset += bytes;
  }
  expectAll(manifest, outputs);
  return outputs;
}

function readOutput(output: Output, expected: readonly number[], bytes: Buffer): HeadOutputs[string] {
  const { name, data } = output;
  return toOutput(output, expected, data === undefined ? floatsOf(bytes) : numbersOf(name, data));
}

/** The protocol lets a server nest the numbers as the tensor is, or put them in one row. */
function numbersOf(name: string, data: readonly unknown[]): Float32Array {
  const flat: readonly unknown[] = Array.isArray(data[0]) ? data.flat(8) : data;
  if (flat.some((value) => typeof value !== 'number' && value !== null))
    throw new Error(`something else than numbers in ${name}`);
  return Float32Array.from(flat, (value) => (value === null ? Number.NaN : (value as number)));
}
