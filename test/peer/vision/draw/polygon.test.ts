import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPolygon, type Point } from '../../../../peer/vision/draw/polygon.ts';
import { colourOf } from '../../../../peer/vision/palette.ts';
import { plainPicture, sampleAt, touchedSamples, untouched } from '../picture.ts';

const colour = colourOf(0);

/** Whether a ray to the right meets the edges an odd number of times. */
function isInside(points: readonly Point[], x: number, y: number): boolean {
  return points.reduce((inside, b, at) => {
    const a = points[(at + points.length - 1) % points.length] ?? b;
    if (a.y <= y === b.y <= y) return inside;
    return x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x) ? !inside : inside;
  }, false);
}

describe('fillPolygon()', () => {
  it('fillPolygon() tints the samples whose middle is inside, of any polygon, in all planes', () => {
    // Eighths are never at the middle of a sample of luma; where they meet one of chroma both rules agree.
    const eighth = fc.integer({ min: -80, max: 400 }).map((value) => value / 8 + 1 / 16);
    const point = fc.record({ x: eighth, y: eighth });
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (points, width, height) => {
          const picture = plainPicture(width, height, 2);
          fillPolygon(picture, points, colour, 128);
          for (const plane of [0, 1, 2] as const) {
            const scale = plane === 0 ? 1 : 2;
            const expected = new Set<string>();
            for (let y = 0; y < Math.ceil(height / scale); y++) {
              for (let x = 0; x < Math.ceil(width / scale); x++) {
                if (isInside(points, (x + 0.5) * scale, (y + 0.5) * scale)) expected.add(`${x},${y}`);
              }
            }
            expect(touchedSamples(picture, plane)).toEqual(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('fillPolygon() mixes picture and colour by the cover', () => {
    const picture = plainPicture(8, 8);
    const square = [
      { x: 0, y: 0 },
      { x: 8, y: 0 },
      { x: 8, y: 8 },
      { x: 0, y: 8 },
    ];
    fillPolygon(picture, square, colour, 51);
    expect(sampleAt(picture, 0, 4, 4)).toBe(Math.round(untouched.y * 0.8 + colour.y * 0.2));
    expect(sampleAt(picture, 1, 2, 2)).toBe(Math.round(untouched.u * 0.8 + colour.u * 0.2));
  });

  it('fillPolygon() leaves out a polygon with a point that is none', () => {
    const picture = plainPicture(8, 8);
    fillPolygon(
      picture,
      [
        { x: 0, y: 0 },
        { x: 8, y: Number.NaN },
        { x: 8, y: 8 },
      ],
      colour,
      128,
    );
    expect(picture).toEqual(plainPicture(8, 8));
  });
});
