import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPixelRect } from '../../../../peer/vision/draw/pixel-rect.ts';
import { plainPicture } from '../picture.ts';

const picture = plainPicture(641, 479);

describe('toPixelRect()', () => {
  it('toPixelRect() moves each edge to the nearest even position', () => {
    const box = { x: 101 / 641, y: 50.4 / 479, width: 100 / 641, height: 100 / 479 };
    expect(toPixelRect(box, picture)).toEqual({ left: 102, top: 50, right: 202, bottom: 150 });
  });

  it('toPixelRect() gives the smallest box 2×2 samples', () => {
    expect(toPixelRect({ x: 0.5, y: 0.5, width: 1e-9, height: 1e-9 }, picture)).toEqual({
      left: 320,
      top: 240,
      right: 322,
      bottom: 242,
    });
  });

  it.each([
    { what: 'NaN', box: { x: Number.NaN, y: 0, width: 1, height: 1 } },
    { what: 'infinite', box: { x: 0, y: 0, width: Number.POSITIVE_INFINITY, height: 1 } },
    { what: 'empty', box: { x: 0, y: 0, width: 0, height: 1 } },
    { what: 'inside out', box: { x: 0.5, y: 0.5, width: 0.1, height: -0.1 } },
    { what: 'left of the picture', box: { x: -1, y: 0, width: 0.9, height: 1 } },
    { what: 'below the picture', box: { x: 0, y: 1.1, width: 1, height: 1 } },
  ])('toPixelRect() gives nothing for a box that is $what', ({ box }) => {
    expect(toPixelRect(box, picture)).toBeUndefined();
  });

  it('toPixelRect() gives even edges within a sample of the box', () => {
    const number = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, (x, y, width, height) => {
        const rect = toPixelRect({ x, y, width, height }, picture);
        if (!rect) return;
        for (const edge of Object.values(rect)) expect(Math.abs(edge % 2)).toBe(0);
        expect(Math.abs(rect.left - x * 641)).toBeLessThanOrEqual(1);
        expect(Math.abs(rect.top - y * 479)).toBeLessThanOrEqual(1);
        expect(rect.right - rect.left).toBeGreaterThanOrEqual(2);
        expect(rect.bottom - rect.top).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});
