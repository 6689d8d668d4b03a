import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawLine } from '../../../../peer/vision/draw/line.ts';
import { colourOf } from '../../../../peer/vision/palette.ts';
import { plainPicture, sampleAt, touchedSamples, untouched } from '../picture.ts';

const colour = colourOf(0);
const coordinate = fc.double({ min: -40, max: 90, noNaN: true });
const side = fc.integer({ min: 1, max: 50 });

/** How far the middle of a sample of a plane lies from a segment, in samples of that plane. */
function distance(x: number, y: number, [x0, y0, x1, y1]: readonly [number, number, number, number]): number {
  const [alongX, alongY] = [x1 - x0, y1 - y0];
  const length2 = alongX ** 2 + alongY ** 2;
  const share = length2 === 0 ? 0 : ((x + 0.5 - x0) * alongX + (y + 0.5 - y0) * alongY) / length2;
  const nearest = Math.min(1, Math.max(0, share));
  return Math.hypot(x + 0.5 - x0 - nearest * alongX, y + 0.5 - y0 - nearest * alongY);
}

describe('drawLine()', () => {
  it('drawLine() fills what is near the segment, leaves what is far, in all planes, clipped, with any stride', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.tuple(coordinate, coordinate, coordinate, coordinate),
        fc.double({ min: 1, max: 9, noNaN: true }),
        fc.constantFrom(0, 3),
        (width, height, ends, thickness, gap) => {
          const picture = plainPicture(width, height, gap);
          drawLine(picture, ...ends, colour, thickness);
          for (const [plane, value] of [colour.y, colour.u, colour.v].entries()) {
            const index = plane as 0 | 1 | 2;
            const scale = plane === 0 ? 1 : 0.5;
            const [x0, y0, x1, y1] = ends.map((end) => end * scale) as [number, number, number, number];
            const touched = touchedSamples(picture, index);
            const faults: string[] = [];
            for (let y = 0; y < Math.ceil(height * scale); y++) {
              for (let x = 0; x < Math.ceil(width * scale); x++) {
                const inwards = (thickness * scale) / 2 - distance(x, y, [x0, y0, x1, y1]);
                const isTouched = touched.delete(`${x},${y}`);
                const mustBeWhole = thickness * scale >= 1 && inwards > 0.5 + 1e-6;
                if (isTouched && inwards < -0.5 - 1e-6) faults.push(`${x},${y} touched`);
                if (mustBeWhole && sampleAt(picture, index, x, y) !== value)
                  faults.push(`${x},${y} not filled`);
              }
            }
            expect([...faults, ...touched]).toEqual([]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('drawLine() draws in a picture what it draws in that part of a larger one', () => {
    const sixteenth = fc.integer({ min: -600, max: 1200 }).map((value) => value / 16);
    fc.assert(
      fc.property(
        fc.tuple(sixteenth, sixteenth, sixteenth, sixteenth),
        fc.constantFrom(1, 2, 4, 5),
        ([x0, y0, x1, y1], thickness) => {
          const part = plainPicture(30, 20);
          drawLine(part, x0, y0, x1, y1, colour, thickness);
          const whole = plainPicture(128, 128);
          drawLine(whole, x0 + 40, y0 + 40, x1 + 40, y1 + 40, colour, thickness);
          for (let y = 0; y < 20; y++) {
            const start = (y + 40) * 128 + 40;
            expect(part.planes[0].subarray(y * 30, (y + 1) * 30)).toEqual(
              whole.planes[0].subarray(start, start + 30),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('drawLine() draws the same from either end, but for rounding', () => {
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (x0, y0, x1, y1) => {
        const [there, back] = [plainPicture(50, 50), plainPicture(50, 50)];
        drawLine(there, x0, y0, x1, y1, colour, 3);
        drawLine(back, x1, y1, x0, y0, colour, 3);
        const apart = there.planes[0].map((sample, at) => Math.abs(sample - (back.planes[0][at] ?? 0)));
        expect(Math.max(...apart)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('drawLine() is smooth at its edges', () => {
    const picture = plainPicture(20, 20);
    drawLine(picture, 2, 10.25, 18, 10.25, colour, 2);
    const half = (cover: number) => Math.round(untouched.y + (colour.y - untouched.y) * cover);
    expect([8, 9, 10, 11, 12].map((row) => sampleAt(picture, 0, 10, row))).toEqual([
      untouched.y,
      half(0.75),
      colour.y,
      half(0.25),
      untouched.y,
    ]);
  });

  it('drawLine() draws a disc where both ends are one', () => {
    const picture = plainPicture(20, 20);
    drawLine(picture, 10, 10, 10, 10, colour, 8);
    const inked = touchedSamples(picture, 0).size;
    expect(inked).toBeGreaterThan(Math.PI * 16);
    expect(inked).toBeLessThan(Math.PI * 25);
  });

  it.each([
    { what: 'NaN', line: [0, Number.NaN, 5, 5, 2] },
    { what: 'Infinity', line: [0, 0, Number.POSITIVE_INFINITY, 5, 2] },
    { what: 'a million pixels', line: [0, 0, 1e300, 5, 2] },
    { what: 'no thickness', line: [0, 0, 9, 9, 0] },
    { what: 'a thickness that is none', line: [0, 0, 9, 9, Number.NaN] },
  ] as const)('drawLine() leaves out a line with $what', ({ line: [x0, y0, x1, y1, thickness] }) => {
    const picture = plainPicture(10, 10);
    drawLine(picture, x0, y0, x1, y1, colour, thickness);
    expect(picture).toEqual(plainPicture(10, 10));
  });
});
