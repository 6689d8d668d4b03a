import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { I420Picture } from '../../../peer/vision/i420.ts';
import { rgbToI420 } from '../../../peer/vision/rgb-to-i420.ts';

function emptyPicture(width: number, height: number): I420Picture {
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const strides = [width + 5, columns + 3, columns + 1] as const;
  const planes = [
    new Uint8Array(strides[0] * height),
    new Uint8Array(strides[1] * rows),
    new Uint8Array(strides[2] * rows),
  ] as const;
  return { width, height, planes, strides };
}

/** ITU-R BT.601-7 in floating point. */
function reference([r = 0, g = 0, b = 0]: readonly number[]): number[] {
  const y = 0.299 * r + 0.587 * g + 0.114 * b;
  return [16 + (219 * y) / 255, 128 + ((b - y) / 1.772 / 255) * 224, 128 + ((r - y) / 1.402 / 255) * 224];
}

describe('rgbToI420()', () => {
  it('has every colour within one step of BT.601', () => {
    const colour = fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 0, max: 255 })));
    fc.assert(
      fc.property(colour, (rgb) => {
        const picture = emptyPicture(2, 2);
        rgbToI420(Uint8Array.from([...rgb, ...rgb, ...rgb, ...rgb]), picture, 0, 2);
        const found = picture.planes.map((plane) => plane[0] ?? -1);
        for (const [index, expected] of reference(rgb).entries())
          expect(Math.abs((found[index] ?? -99) - expected)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('makes the same of pieces as of the whole, for odd sizes too, and stays within rows', () => {
    for (const [width, height] of [
      [7, 5],
      [8, 6],
      [1, 1],
    ] as const) {
      const rgb = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 37) % 256);
      const [whole, pieces] = [emptyPicture(width, height), emptyPicture(width, height)];
      rgbToI420(rgb, whole, 0, height);
      for (let row = 0; row < height; row += 2) rgbToI420(rgb, pieces, row, Math.min(height, row + 2));
      expect(pieces.planes).toEqual(whole.planes);
      for (const [index, plane] of whole.planes.entries()) {
        const columns = index === 0 ? width : Math.ceil(width / 2);
        const stride = whole.strides[index] ?? 0;
        expect(plane.every((value, at) => value === 0 || at % stride < columns)).toBe(true);
      }
    }
  });
});
