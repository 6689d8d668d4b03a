import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromMantissaExponent, toMantissaExponent } from '../../../peer/rtp/remb.ts';

it.each([
  [0, 0, 0],
  [0.9, 0, 0],
  [1, 1, 0],
  [262_143, 262_143, 0],
  [262_143.9, 262_143, 0],
  [262_144, 131_072, 1],
  [262_145, 131_072, 1],
  [524_287, 262_143, 1],
  [1_000_000, 250_000, 2],
  [2_500_000, 156_250, 4],
  [2 ** 40, 2 ** 17, 23],
  [0x3ffff * 2 ** 63, 0x3ffff, 63],
  [Number.MAX_VALUE, 0x3ffff, 63],
  [Number.POSITIVE_INFINITY, 0x3ffff, 63],
])('toMantissaExponent(%d) is %i × 2^%i', (bitsPerSecond, mantissa, exponent) => {
  expect(toMantissaExponent(bitsPerSecond)).toEqual({ mantissa, exponent });
});

it('toMantissaExponent() rounds down by less than one part in 2^17', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bitsPerSecond) => {
      const said = fromMantissaExponent(toMantissaExponent(bitsPerSecond));
      expect(said).toBeLessThanOrEqual(bitsPerSecond);
      expect(said).toBeGreaterThan(bitsPerSecond * (1 - 2 ** -17) - 1);
    }),
    { seed: 3 },
  );
});

it.each([[-1], [Number.NaN]])('toMantissaExponent(%d) is refused', (bitsPerSecond) => {
  expect(() => toMantissaExponent(bitsPerSecond)).toThrow(expect.objectContaining({ code: 'internal' }));
});
