import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScaledRows } from '../../../../peer/vision/draw/scaled-rows.ts';
import { sampleBilinear } from './bilinear.ts';

const samples = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }), gap: fc.nat(3) })
  .chain(({ width, height, gap }) => {
    const length = (width + gap) * height;
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => {
      return { width, height, stride: width + gap, data };
    });
  });

describe('ScaledRows', () => {
  it('ScaledRows gives any picture in any size, as bilinear interpolation has it', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(samples, side, side, fc.nat(7), (source, width, height, from) => {
        const [stepX, stepY] = [source.width / width, source.height / height];
        const rows = new ScaledRows(source, width, stepX, stepY);
        let worst = 0;
        for (let y = 0; y < height; y++) {
          rows.seek(y);
          const row = rows.read(Math.min(from, width), width);
          for (let x = from; x < width; x++) {
            const exact = sampleBilinear(source, (x + 0.5) * stepX, (y + 0.5) * stepY);
            worst = Math.max(worst, Math.abs((row[x - from] as number) - exact));
          }
        }
        // Shares are rounded to 1/256, and sums twice.
        expect(worst).toBeLessThan(2.5);
      }),
      { numRuns: 200 },
    );
  });

  it('ScaledRows gives a picture in its own size as it is', () => {
    fc.assert(
      fc.property(samples, (source) => {
        const rows = new ScaledRows(source, source.width, 1, 1);
        for (let y = 0; y < source.height; y++) {
          rows.seek(y);
          const start = y * source.stride;
          expect(rows.read(0, source.width)).toEqual(source.data.subarray(start, start + source.width));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('ScaledRows gives a plain picture plain, at every share of a row', () => {
    for (const value of [0, 1, 127, 254, 255]) {
      const source = { width: 3, height: 3, stride: 3, data: new Uint8Array(9).fill(value) };
      const rows = new ScaledRows(source, 300, 1 / 100, 1 / 100);
      for (let y = 0; y < 300; y++) {
        rows.seek(y);
        expect(rows.read(0, 300).every((sample) => sample === value)).toBe(true);
      }
    }
  });
});
