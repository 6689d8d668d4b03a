import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../../peer/vision/letterbox.ts';
import { toPicture } from '../../../../peer/vision/region.ts';
import { fillCrop } from '../../../../peer/vision/stages/crop.ts';
import type { InputSpec } from '../../../../peer/vision/tensor.ts';

const input: InputSpec = { width: 2, height: 2, layout: 'nchw', channels: 'rgb', mean: 0, scale: 1, pad: 9 };
const whole = { scaledWidth: 2, scaledHeight: 2, scaleX: 1, scaleY: 1 };
/** Red grows to the right and green downwards, by 10 a pixel. */
const slope = (width: number, height: number) => ({
  width,
  height,
  pixels: Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return [10 * (pixel % width), 10 * Math.floor(pixel / width), 128][at % 3] ?? 0;
  }),
});

function crop(region: object, spec: Partial<InputSpec> = {}, geometry = whole): number[] {
  const target = new Float32Array(12).fill(Number.NaN);
  const full = { centreX: 4, centreY: 4, width: 4, height: 4, angle: 0, ...region };
  fillCrop(target, slope(8, 8), full, geometry, { ...input, ...spec });
  return [...target];
}

describe('fillCrop()', () => {
  it('fillCrop() reads the colour between pixels', () => {
    // A 4×4 region in 2×2: the middles of its quarters are at 3 and 5, between pixels 2 and 3, 4 and 5.
    expect(crop({})).toEqual([25, 45, 25, 45, 25, 25, 45, 45, 128, 128, 128, 128]);
  });

  it('fillCrop() turns the region clockwise, so that what points right in it comes to point right', () => {
    const turned = crop({ angle: Math.PI / 2 });
    expect(turned.slice(0, 4)).toEqual([45, 45, 25, 25].map((value) => expect.closeTo(value, 4)));
    expect(turned.slice(4, 8)).toEqual([25, 45, 25, 45].map((value) => expect.closeTo(value, 4)));
  });

  it('fillCrop() goes on with the outermost pixels beyond the edges', () => {
    expect(crop({ centreX: -50, centreY: 50 }).slice(0, 8)).toEqual([0, 0, 0, 0, 70, 70, 70, 70]);
  });

  it('fillCrop() pads what the region does not cover, in any layout', () => {
    const narrow = { ...whole, scaledWidth: 1 };
    expect(crop({ width: 2 }, {}, narrow).slice(0, 4)).toEqual([35, 9, 35, 9]);
    expect(crop({ width: 2 }, { layout: 'nhwc', channels: 'bgr' }, narrow)).toEqual([
      128, 25, 35, 9, 9, 9, 128, 45, 35, 9, 9, 9,
    ]);
  });

  it('fillCrop() makes one channel of a grey picture, and scales', () => {
    const target = new Float32Array(4);
    const region = { centreX: 4, centreY: 4, width: 4, height: 4, angle: 0 };
    fillCrop(target, slope(8, 8), region, whole, { ...input, channels: 'grey', mean: 100, scale: 0.5 });
    expect(target[0]).toBeCloseTo((0.299 * 25 + 0.587 * 25 + 0.114 * 128 - 100) / 2, 4);
  });

  it('fillCrop() and toPicture() agree on where a pixel comes from', () => {
    const position = fc.double({ min: 20, max: 80, noNaN: true });
    const size = fc.double({ min: 2, max: 20, noNaN: true });
    const angle = fc.double({ min: -7, max: 7, noNaN: true });
    const picture = { ...slope(100, 100) };
    // 10 a pixel would overflow: 2 a pixel.
    picture.pixels = picture.pixels.map((_, at) => {
      const pixel = Math.floor(at / 3);
      return [2 * (pixel % 100), 2 * Math.floor(pixel / 100), 0][at % 3] ?? 0;
    });
    const spec = { ...input, width: 8, height: 4 };
    fc.assert(
      fc.property(position, position, size, size, angle, (centreX, centreY, width, height, angle) => {
        const region = { centreX, centreY, width, height, angle };
        const geometry = letterbox(region, spec, 'letterbox');
        const target = new Float32Array(96);
        fillCrop(target, picture, region, geometry, spec);
        const [x, y] = [geometry.scaledWidth - 1, geometry.scaledHeight - 1];
        const from = toPicture({ x: x + 0.5, y: y + 0.5 }, region, geometry);
        expect(target[y * 8 + x]).toBeCloseTo(2 * (from.x - 0.5), 2);
        expect(target[32 + y * 8 + x]).toBeCloseTo(2 * (from.y - 0.5), 2);
      }),
    );
  });

  it.each([
    { what: 'a tensor of another size', values: 11, bytes: 192 },
    { what: 'a picture that ends early', values: 12, bytes: 191 },
  ])('fillCrop() refuses $what', ({ values, bytes }) => {
    const picture = { width: 8, height: 8, pixels: new Uint8Array(bytes) };
    const region = { centreX: 4, centreY: 4, width: 4, height: 4, angle: 0 };
    expect(() => fillCrop(new Float32Array(values), picture, region, whole, input)).toThrow(
      expect.objectContaining({ code: 'inference-failed' }),
    );
  });
});
