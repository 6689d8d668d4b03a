import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planesOf } from '../../../../peer/vision/draw/plane.ts';
import { average } from '../../../../peer/vision/effects/average.ts';
import { boxBlur } from '../../../../peer/vision/effects/box-blur.ts';
import { noisyPicture } from './noise.ts';

describe('boxBlur()', () => {
  it('boxBlur() gives the mean of each square, the outermost samples going on', () => {
    const sized = fc
      .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
      .chain(({ width, height }) =>
        fc
          .uint8Array({ minLength: width * height, maxLength: width * height })
          .map((samples) => ({ width, height, samples })),
      );
    fc.assert(
      fc.property(sized, fc.integer({ min: 0, max: 15 }), ({ width, height, samples }, radius) => {
        const blurred = samples.slice();
        boxBlur(blurred, width, height, radius);
        const clamp = (value: number, last: number) => Math.min(last, Math.max(0, value));
        let worst = 0;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            let sum = 0;
            for (let dy = -radius; dy <= radius; dy++) {
              for (let dx = -radius; dx <= radius; dx++) {
                sum += samples[clamp(y + dy, height - 1) * width + clamp(x + dx, width - 1)] as number;
              }
            }
            worst = Math.max(
              worst,
              Math.abs((blurred[y * width + x] as number) - sum / (2 * radius + 1) ** 2),
            );
          }
        }
        // Rows are rounded before columns are.
        expect(worst).toBeLessThanOrEqual(1.001);
      }),
    );
  });
});

describe('average()', () => {
  const side = fc.integer({ min: 1, max: 70 });
  it('average() gives the mean of each square, of every second row where it is large, by words and by bytes alike', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.nat(12),
        fc.nat(9),
        fc.constantFrom(1, 2, 4, 8, 16),
        fc.nat(5),
        (width, height, left, top, size, gap) => {
          const [plane] = planesOf(noisyPicture(left + width + 3, top + height, gap));
          const part = { left, top, right: left + width, bottom: top + height };
          const small = average(plane, part, size);
          expect([small.width, small.height]).toEqual([Math.ceil(width / size), Math.ceil(height / size)]);
          let worst = 0;
          for (let y = 0; y < small.height; y++) {
            for (let x = 0; x < small.width; x++) {
              const right = Math.min(part.right, left + (x + 1) * size);
              const bottom = Math.min(part.bottom, top + (y + 1) * size);
              let [sum, count] = [0, 0];
              for (let row = top + y * size; row < bottom; row += size < 4 ? 1 : 2) {
                for (let column = left + x * size; column < right; column++) {
                  sum += plane.data[row * plane.stride + column] as number;
                  count++;
                }
              }
              worst = Math.max(worst, Math.abs((small.data[y * small.width + x] as number) - sum / count));
            }
          }
          expect(worst).toBeLessThanOrEqual(0.5001);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('average() of the brightest samples does not overflow', () => {
    const [plane] = planesOf(noisyPicture(64, 64));
    plane.data.fill(255);
    for (const left of [0, 1]) {
      const { data } = average(plane, { left, top: 0, right: 64, bottom: 64 }, 16);
      expect(data.every((sample) => sample === 255)).toBe(true);
    }
  });
});
