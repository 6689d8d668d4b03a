import { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import { fromFloat16 } from './float16.ts';
import { elementCount, type Tensor } from './tensor.ts';

const quantizationSchema = z.discriminatedUnion('dtype', [
  z.object({ dtype: z.literal('float16') }),
  z.object({ dtype: z.enum(['uint8', 'uint16']), scale: z.number(), min: z.number() }),
]);

const weightSpecSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: z.enum(['float32', 'int32', 'bool']),
  quantization: quantizationSchema.optional(),
});
type WeightSpec = z.infer<typeof weightSpecSchema>;

/** A group of weights, stored one after the other in the files `paths` put end to end. */
export const weightGroupSchema = z.object({
  /** Plain file names, beside the graph. */
  paths: z.array(z.string().regex(/^[\w.-]+$/)).min(1),
  weights: z.array(weightSpecSchema),
});
export type WeightGroup = z.infer<typeof weightGroupSchema>;

/**
 * Decodes the weights of one group, quantized ones included (tfjs-converter's `weights_manifest`).
 * Throws `model-unreadable` when the bytes do not fit the group exactly.
 */
export function decodeWeights(group: WeightGroup, bytes: Uint8Array): Map<string, Tensor> {
  const decoded = new Map<string, Tensor>();
  const expected = group.weights.reduce((total, spec) => total + storedBytes(spec), 0);
  if (expected !== bytes.length) {
    throw new SightlineError(
      'model-unreadable',
      `Cannot read the weights in ${group.paths.join(', ')}: expected ${expected} bytes, found ${bytes.length}`,
    );
  }
  let offset = 0;
  for (const spec of group.weights) {
    const end = offset + storedBytes(spec);
    decoded.set(spec.name, decodeWeight(spec, new Uint8Array(bytes.subarray(offset, end)).buffer));
    offset = end;
  }
  return decoded;
}

function storedBytes({ shape, dtype, quantization }: WeightSpec): number {
  const stored = quantization?.dtype ?? dtype;
  const width = { float32: 4, int32: 4, bool: 1, float16: 2, uint8: 1, uint16: 2 }[stored];
  return elementCount(shape) * width;
}

/** `buffer` holds this weight alone, so it is aligned for every element type. */
function decodeWeight({ shape, dtype, quantization }: WeightSpec, buffer: ArrayBuffer): Tensor {
  if (quantization !== undefined) {
    const values = dequantize(quantization, buffer);
    if (dtype === 'float32') return { type: dtype, shape, data: values };
    return { type: 'int32', shape, data: Int32Array.from(values, Math.round) };
  }
  if (dtype === 'float32') return { type: dtype, shape, data: new Float32Array(buffer) };
  if (dtype === 'int32') return { type: dtype, shape, data: new Int32Array(buffer) };
  return { type: dtype, shape, data: new Uint8Array(buffer) };
}

function dequantize(quantization: z.infer<typeof quantizationSchema>, buffer: ArrayBuffer): Float32Array {
  if (quantization.dtype === 'float16') return fromFloat16(new Uint16Array(buffer));
  const { scale, min } = quantization;
  const levels = quantization.dtype === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return Float32Array.from(levels, (level) => level * scale + min);
}
