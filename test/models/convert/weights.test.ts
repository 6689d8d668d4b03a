import { expect, it } from 'vitest';
import { decodeWeights, type WeightGroup } from '../../../models/convert/weights.ts';

const bytesOf = (...parts: ArrayBufferView[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)));

function group(...weights: WeightGroup['weights']): WeightGroup {
  return { paths: ['weights.bin'], weights };
}

it.each([
  ['one', 0x3c00, 1],
  ['minus two', 0xc000, -2],
  ['a third, rounded', 0x3555, 0.333251953125],
  ['the greatest', 0x7bff, 65504],
  ['the least normal', 0x0400, 2 ** -14],
  ['the least subnormal', 0x0001, 2 ** -24],
  ['minus zero', 0x8000, -0],
  ['infinity', 0x7c00, Number.POSITIVE_INFINITY],
  ['minus infinity', 0xfc00, Number.NEGATIVE_INFINITY],
  ['no number', 0x7e00, Number.NaN],
])('decodeWeights() widens %s from half precision (IEEE 754)', (_, half, expected) => {
  const spec = group({ name: 'w', shape: [], dtype: 'float32', quantization: { dtype: 'float16' } });
  const tensor = decodeWeights(spec, bytesOf(Uint16Array.of(half))).get('w');
  expect(tensor).toEqual({ type: 'float32', shape: [], data: Float32Array.of(expected) });
});

it.each([
  ['uint8', Uint8Array.of(0, 1, 255)],
  ['uint16', Uint16Array.of(0, 1, 255)],
] as const)('decodeWeights() scales %s levels', (dtype, levels) => {
  const quantization = { dtype, scale: 0.5, min: -10 };
  const spec = group(
    { name: 'w', shape: [3], dtype: 'float32', quantization },
    { name: 'i', shape: [3], dtype: 'int32', quantization },
  );
  const decoded = decodeWeights(spec, bytesOf(levels, levels));
  expect(decoded.get('w')?.data).toEqual(Float32Array.of(-10, -9.5, 117.5));
  expect(decoded.get('i')?.data).toEqual(Int32Array.of(-10, -9, 118));
});

it('decodeWeights() reads weights of every width one after the other, aligned or not', () => {
  const spec = group(
    { name: 'b', shape: [1], dtype: 'bool' },
    { name: 'f', shape: [2], dtype: 'float32' },
    { name: 'i', shape: [1], dtype: 'int32' },
  );
  const bytes = bytesOf(Uint8Array.of(1), Float32Array.of(1.5, -2), Int32Array.of(-7));
  expect([...decodeWeights(spec, bytes)].map(([name, { data }]) => [name, ...data])).toEqual([
    ['b', 1],
    ['f', 1.5, -2],
    ['i', -7],
  ]);
});

it.each([[3], [5]])('decodeWeights() refuses %i bytes for a weight of four', (length) => {
  const spec = group({ name: 'w', shape: [1], dtype: 'float32' });
  expect(() => decodeWeights(spec, new Uint8Array(length))).toThrowError(
    expect.objectContaining({
      code: 'model-unreadable',
      message: `Cannot read the weights in weights.bin: expected 4 bytes, found ${length}`,
    }),
  );
});
