import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitWithin } from '../../../../peer/vision/stages/picture.ts';
import { shrink } from '../../../../peer/vision/stages/shrink.ts';

const side = fc.integer({ min: 1, max: 8192 });

describe('fitWithin()', () => {
  it.each([
    { frame: [640, 480], to: [640, 480] },
    { frame: [320, 240], to: [320, 240] },
    { frame: [7680, 4320], to: [640, 360] },
    { frame: [1, 8192], to: [1, 640] },
    { frame: [1, 1], to: [1, 1] },
  ])('fitWithin() brings $frame to $to', ({ frame: [width = 0, height = 0], to }) => {
    const size = fitWithin({ width, height }, { width: 640, height: 640 });
    expect([size.width, size.height]).toEqual(to);
  });

  it('fitWithin() never leaves the limit and never enlarges', () => {
    fc.assert(
      fc.property(side, side, side, side, (width, height, limitWidth, limitHeight) => {
        const size = fitWithin({ width, height }, { width: limitWidth, height: limitHeight });
        expect(size.width).toBeLessThanOrEqual(Math.min(width, limitWidth));
        expect(size.height).toBeLessThanOrEqual(Math.min(height, limitHeight));
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe('shrink()', () => {
  it('shrink() gives the mean of the pixels that each new one stands for', () => {
    const pixels = Uint8Array.of(0, 10, 20, 2, 12, 22, 100, 100, 100, 104, 100, 99);
    expect(shrink({ width: 4, height: 1, pixels }, { width: 2, height: 1 }).pixels).toEqual(
      Uint8Array.of(1, 11, 21, 102, 100, 100),
    );
  });

  it('shrink() repeats pixels where a picture becomes larger', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect(shrink({ width: 2, height: 1, pixels }, { width: 4, height: 2 }).pixels).toEqual(
      Uint8Array.of(1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6),
    );
  });

  it('shrink() leaves a picture of one colour as it is, in any size', () => {
    const small = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(small, small, small, small, (width, height, toWidth, toHeight) => {
        const source = { width, height, pixels: new Uint8Array(width * height * 3).fill(77) };
        const { pixels } = shrink(source, { width: toWidth, height: toHeight });
        expect(pixels).toEqual(new Uint8Array(toWidth * toHeight * 3).fill(77));
      }),
    );
  });

  it('shrink() refuses a picture that ends early', () => {
    expect(() =>
      shrink({ width: 2, height: 2, pixels: new Uint8Array(11) }, { width: 1, height: 1 }),
    ).toThrow(expect.objectContaining({ code: 'inference-failed' }));
  });
});
