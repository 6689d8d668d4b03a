import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../peer/vision/letterbox.ts';
import { fillTensor, type InputSpec } from '../../../peer/vision/tensor.ts';

const base: InputSpec = {
  width: 3,
  height: 2,
  layout: 'nchw',
  channels: 'rgb',
  mean: 0,
  scale: 1,
  pad: 114,
};
// Two pixels beside each other, (1,2,3) and (4,5,6), which a 3×2 network sees as a row of two and padding.
const geometry = { scaledWidth: 2, scaledHeight: 1, scaleX: 1, scaleY: 1 };
const source = { pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 99, 99), stride: 8 };

describe('fillTensor()', () => {
  it.each([
    {
      layout: 'nchw',
      channels: 'rgb',
      tensor: [1, 4, 114, 114, 114, 114, 2, 5, 114, 114, 114, 114, 3, 6, 114, 114, 114, 114],
    },
    {
      layout: 'nchw',
      channels: 'bgr',
      tensor: [3, 6, 114, 114, 114, 114, 2, 5, 114, 114, 114, 114, 1, 4, 114, 114, 114, 114],
    },
    {
      layout: 'nhwc',
      channels: 'rgb',
      tensor: [1, 2, 3, 4, 5, 6, 114, 114, 114, 114, 114, 114, 114, 114, 114, 114, 114, 114],
    },
    {
      layout: 'nhwc',
      channels: 'bgr',
      tensor: [3, 2, 1, 6, 5, 4, 114, 114, 114, 114, 114, 114, 114, 114, 114, 114, 114, 114],
    },
  ] as const)('fillTensor() writes $layout $channels with padding', ({ layout, channels, tensor }) => {
    const target = new Float32Array(18).fill(Number.NaN);
    fillTensor(target, source, geometry, { ...base, layout, channels });
    expect(Array.from(target)).toEqual(tensor);
  });

  it('fillTensor() takes the mean off and scales, the padding as well', () => {
    const target = new Float32Array(18);
    fillTensor(target, source, geometry, { ...base, mean: 127.5, scale: 1 / 127.5 });
    expect(target[0]).toBeCloseTo((1 - 127.5) / 127.5, 6);
    expect(target[2]).toBeCloseTo((114 - 127.5) / 127.5, 6);
  });

  it('fillTensor() writes what the definition says for any size, stride and layout', () => {
    const side = fc.integer({ min: 1, max: 40 });
    const spec = fc.record({
      width: side,
      height: side,
      layout: fc.constantFrom('nchw' as const, 'nhwc' as const),
      channels: fc.constantFrom('rgb' as const, 'bgr' as const),
      mean: fc.constantFrom(0, 127),
      scale: fc.constantFrom(1, 1 / 128),
      pad: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(spec, side, side, fc.nat(7), (input, width, height, gap) => {
        const geometry = letterbox({ width, height }, input, 'letterbox');
        const stride = geometry.scaledWidth * 3 + gap;
        const pixels = Uint8Array.from({ length: stride * geometry.scaledHeight }, (_, at) => at * 31);
        const target = new Float32Array(input.width * input.height * 3).fill(Number.NaN);
        fillTensor(target, { pixels, stride }, geometry, input);
        const expected = target.map((_, at) => {
          const plane = input.width * input.height;
          const [channel, pixel] =
            input.layout === 'nchw' ? [Math.floor(at / plane), at % plane] : [at % 3, Math.floor(at / 3)];
          const x = pixel % input.width;
          const y = Math.floor(pixel / input.width);
          const inside = x < geometry.scaledWidth && y < geometry.scaledHeight;
          const offset = input.channels === 'rgb' ? channel : 2 - channel;
          const value = inside ? (pixels[y * stride + x * 3 + offset] ?? Number.NaN) : input.pad;
          return (value - input.mean) * input.scale;
        });
        expect(target).toEqual(expected);
      }),
    );
  });

  it.each(['rgb', 'bgr'] as const)(
    'fillTensor() reads %s pixels alike wherever they lie in memory',
    (channels) => {
      const bytes = Uint8Array.from({ length: 8 * 3 * 2 }, (_, at) => at * 5);
      const input: InputSpec = { ...base, width: 8, height: 2, channels };
      const geometry = { scaledWidth: 8, scaledHeight: 2, scaleX: 1, scaleY: 1 };
      const [aligned, shifted] = [0, 1].map((offset) => {
        const pixels = new Uint8Array(new SharedArrayBuffer(64), offset, bytes.length);
        pixels.set(bytes);
        const target = new Float32Array(48).fill(Number.NaN);
        fillTensor(target, { pixels, stride: 24 }, geometry, input);
        return target;
      });
      expect(aligned).toEqual(shifted);
      expect(aligned?.slice(0, 3)).toEqual(
        Float32Array.from(channels === 'rgb' ? [0, 15, 30] : [10, 25, 40]),
      );
    },
  );

  it('fillTensor() makes one channel of a grey picture: the luma of BT.601', () => {
    const target = new Float32Array(6);
    fillTensor(target, source, geometry, { ...base, channels: 'grey', pad: 10 });
    expect([...target]).toEqual([2, 5, 10, 10, 10, 10]);
  });

  it('fillTensor() cuts to whole numbers where the tensor holds those', () => {
    const target = new Int32Array(18);
    fillTensor(target, source, geometry, { ...base, scale: 0.5, pad: 7 });
    expect([...target.subarray(0, 6)]).toEqual([0, 2, 3, 3, 3, 3]);
  });

  it.each([
    { what: 'a tensor of another size', values: 17, bytes: 8, stride: 8 },
    { what: 'a picture that ends early', values: 18, bytes: 5, stride: 8 },
    { what: 'rows shorter than the picture', values: 18, bytes: 8, stride: 5 },
  ])('fillTensor() refuses $what', ({ values, bytes, stride }) => {
    const pixels = new Uint8Array(bytes);
    expect(() => fillTensor(new Float32Array(values), { pixels, stride }, geometry, base)).toThrow(
      expect.objectContaining({ code: 'inference-failed' }),
    );
  });
});
