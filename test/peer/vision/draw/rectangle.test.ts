import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawRectangle } from '../../../../peer/vision/draw/rectangle.ts';
import { colourOf } from '../../../../peer/vision/palette.ts';
import { plainPicture, sampleAt, touchedSamples } from '../picture.ts';

const colour = colourOf(0);

describe('drawRectangle()', () => {
  it('drawRectangle() sets luma and chroma along the outline and nothing within', () => {
    const picture = plainPicture(64, 48);
    drawRectangle(picture, { left: 10, top: 8, right: 40, bottom: 30 }, colour, 2);
    for (const [x, y] of [
      [10, 8],
      [39, 8],
      [11, 29],
      [39, 29],
      [10, 20],
      [38, 20],
    ] as const) {
      expect(sampleAt(picture, 0, x, y)).toBe(colour.y);
      expect(sampleAt(picture, 1, x >> 1, y >> 1)).toBe(colour.u);
      expect(sampleAt(picture, 2, x >> 1, y >> 1)).toBe(colour.v);
    }
    const touched = touchedSamples(picture, 0);
    for (const position of ['12,10', '37,27', '9,8', '40,8', '10,7', '10,30']) {
      expect(touched.has(position)).toBe(false);
    }
    expect(touched.size).toBe(30 * 22 - 26 * 18);
    expect(touchedSamples(picture, 1).size).toBe(15 * 11 - 13 * 9);
    expect(touchedSamples(picture, 2)).toEqual(touchedSamples(picture, 1));
  });

  it('drawRectangle() draws exactly the outline, clipped, in any picture, at any place, with any stride', () => {
    const even = (min: number, max: number) => fc.integer({ min, max }).map((half) => half * 2);
    fc.assert(
      fc.property(
        fc.record({ width: fc.integer({ min: 1, max: 50 }), height: fc.integer({ min: 1, max: 50 }) }),
        fc.record({ left: even(-10, 30), top: even(-10, 30), width: even(1, 40), height: even(1, 40) }),
        fc.constantFrom(2, 4, 6),
        fc.constantFrom(0, 5),
        (size, { left, top, width, height }, thickness, gap) => {
          const picture = plainPicture(size.width, size.height, gap);
          const [right, bottom] = [left + width, top + height];
          drawRectangle(picture, { left, top, right, bottom }, colour, thickness);
          const isOutline = (x: number, y: number) => {
            const edge = Math.min(x - left, right - 1 - x, y - top, bottom - 1 - y);
            return edge >= 0 && edge < thickness;
          };
          const expected = [new Set<string>(), new Set<string>()] as const;
          for (let y = 0; y < size.height; y++) {
            for (let x = 0; x < size.width; x++) {
              if (!isOutline(x, y)) continue;
              expected[0].add(`${x},${y}`);
              expected[1].add(`${x >> 1},${y >> 1}`);
            }
          }
          expect(touchedSamples(picture, 0)).toEqual(expected[0]);
          expect(touchedSamples(picture, 1)).toEqual(expected[1]);
          expect(touchedSamples(picture, 2)).toEqual(expected[1]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
