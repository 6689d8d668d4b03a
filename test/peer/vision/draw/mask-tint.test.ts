import { describe, expect, it } from 'vitest';
import { tintMask } from '../../../../peer/vision/draw/mask-tint.ts';
import { colourOf } from '../../../../peer/vision/palette.ts';
import { plainPicture, sampleAt, touchedSamples, untouched } from '../picture.ts';

const colour = colourOf(0);

describe('tintMask()', () => {
  it('tintMask() lets the picture show through where the mask is sure, fades with it, and leaves the rest', () => {
    const picture = plainPicture(40, 4, 3);
    tintMask(picture, { width: 4, height: 1, data: Uint8Array.of(0, 0, 255, 255) }, colour);
    const row = Array.from({ length: 40 }, (_, x) => sampleAt(picture, 0, x, 1) ?? 0);
    expect(row.slice(0, 15).every((sample) => sample === untouched.y)).toBe(true);
    const sure = row[39] ?? 0;
    expect(sure).toBeGreaterThan(untouched.y);
    expect(sure).toBeLessThan((untouched.y + colour.y) / 2);
    expect(row.slice(25).every((sample) => sample === sure)).toBe(true);
    expect(row).toEqual([...row].sort((a, b) => a - b));
    expect((row[20] ?? 0) - untouched.y).toBeCloseTo((sure - untouched.y) / 2, -1);
  });

  it('tintMask() tints chroma over the same ground', () => {
    const picture = plainPicture(41, 5);
    tintMask(picture, { width: 1, height: 1, data: Uint8Array.of(255) }, colour);
    for (const plane of [1, 2] as const) expect(touchedSamples(picture, plane).size).toBe(21 * 3);
    expect(sampleAt(picture, 1, 3, 1)).toBeGreaterThan(untouched.u);
    expect(sampleAt(picture, 1, 3, 1)).toBeLessThan(colour.u);
  });
});
