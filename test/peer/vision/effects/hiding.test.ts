import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planesOf } from '../../../../peer/vision/draw/plane.ts';
import { blur } from '../../../../peer/vision/effects/blur.ts';
import { pixelate } from '../../../../peer/vision/effects/pixelate.ts';
import { samplesIn } from '../../../../peer/vision/effects/region.ts';
import type { I420Picture } from '../../../../peer/vision/i420.ts';
import { copyOf, differences, largePicture, noisyPicture } from './noise.ts';

const position = fc.integer({ min: -30, max: 90 });
const side = fc.integer({ min: 1, max: 70 });
const effects: { name: string; hide: (picture: I420Picture, rect: Rect) => void }[] = [
  { name: 'pixelate', hide: (picture, rect) => pixelate(picture, rect, 4) },
  { name: 'blur', hide: (picture, rect) => blur(picture, rect, 6) },
  { name: 'blur with a wide radius', hide: (picture, rect) => blur(picture, rect, 60) },
];
interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

describe.each(effects)('$name()', ({ name, hide }) => {
  it(`${name}() changes what is in the rectangle and nothing else, wherever it lies, with any stride`, () => {
    fc.assert(
      fc.property(
        side,
        side,
        position,
        position,
        side,
        side,
        fc.nat(5),
        (width, height, left, top, w, h, gap) => {
          const before = noisyPicture(width, height, gap);
          const after = copyOf(before);
          const rect = { left, top, right: left + w, bottom: top + h };
          hide(after, rect);
          for (const [index, plane] of planesOf(before).entries()) {
            const part = samplesIn(rect, plane);
            const changed = differences(before, after, index as 0 | 1 | 2);
            const outside = Array.from(changed, (at) => at.split(',').map(Number)).filter(
              ([x = 0, y = 0]) =>
                !part || x < part.left || x >= part.right || y < part.top || y >= part.bottom,
            );
            expect(outside).toEqual([]);
            // Single samples may be what they were by chance.
            const area = part ? (part.right - part.left) * (part.bottom - part.top) : 0;
            if (area >= 64) expect(changed.size / area).toBeGreaterThan(0.8);
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  it(`${name}() leaves a plain part plain`, () => {
    const picture = noisyPicture(90, 70);
    for (const plane of picture.planes) plane.fill(77);
    hide(picture, { left: 3, top: 5, right: 81, bottom: 66 });
    for (const plane of picture.planes) expect(plane.every((sample) => sample === 77)).toBe(true);
  });

  it(`${name}() mixes nothing into a rectangle from beside it`, () => {
    const rect = { left: 21, top: 13, right: 61, bottom: 53 };
    const inside = noisyPicture(90, 70);
    const other = copyOf(inside);
    for (const [index, plane] of planesOf(other).entries()) {
      const part = samplesIn(rect, plane);
      if (!part) throw new Error('The rectangle is in the picture');
      for (let y = 0; y < plane.height; y++) {
        for (let x = 0; x < plane.width; x++) {
          const isInside = x >= part.left && x < part.right && y >= part.top && y < part.bottom;
          if (!isInside) other.planes[index as 0 | 1 | 2][y * plane.stride + x] = 255;
        }
      }
    }
    hide(inside, rect);
    hide(other, rect);
    for (let y = 13; y < 53; y++) {
      const [from, end] = [y * 90 + 21, y * 90 + 61];
      expect(inside.planes[0].subarray(from, end)).toEqual(other.planes[0].subarray(from, end));
    }
  });

  it.each([
    [0, 0],
    [0, 9],
    [1, 1],
    [2, 2],
    [1, 99],
  ])(`${name}() takes a picture of %i × %i`, (width, height) => {
    const picture = noisyPicture(width, height);
    hide(picture, { left: -3, top: -3, right: 200, bottom: 200 });
    expect(picture.planes[0].length).toBe(width * height);
  });

  it(`${name}() takes a picture of 8K`, () => {
    const picture = largePicture();
    const last = picture.planes.map((plane) => plane.slice(-400));
    hide(picture, { left: 0, top: 0, right: 7680, bottom: 4320 });
    for (const [index, plane] of picture.planes.entries()) expect(plane.slice(-400)).not.toEqual(last[index]);
  });
});

describe('pixelate()', () => {
  it('pixelate() gives each square the mean of what was there', () => {
    const before = noisyPicture(40, 40);
    const picture = copyOf(before);
    pixelate(picture, { left: 4, top: 6, right: 36, bottom: 38 }, 4);
    let sum = 0;
    for (let y = 6; y < 14; y++) for (let x = 4; x < 12; x++) sum += before.planes[0][y * 40 + x] ?? 0;
    expect(picture.planes[0][6 * 40 + 4]).toBe(Math.round(sum / 64));
    const values = new Set(picture.planes[1].filter((sample, at) => sample !== before.planes[1][at]));
    expect(values.size).toBeLessThanOrEqual(16);
  });

  it.each([0, -3, Number.NaN])('pixelate() into %d cells makes one', (cells) => {
    const picture = noisyPicture(20, 20);
    pixelate(picture, { left: 0, top: 0, right: 20, bottom: 20 }, cells);
    expect(new Set(picture.planes[0]).size).toBe(1);
  });
});

describe('blur()', () => {
  it('blur() hides more the wider it is', () => {
    const contrasts = [2, 4, 8, 16, 32, 64].map((radius) => {
      const picture = noisyPicture(320, 240);
      for (let at = 0; at < picture.planes[0].length; at++)
        picture.planes[0][at] = (at % 320) % 128 < 64 ? 20 : 220;
      blur(picture, { left: 0, top: 0, right: 320, bottom: 240 }, radius);
      const row = picture.planes[0].subarray(120 * 320 + 64, 120 * 320 + 256);
      return Math.max(...row) - Math.min(...row);
    });
    expect(contrasts).toEqual([...contrasts].sort((a, b) => b - a));
    expect(contrasts[0]).toBeGreaterThan(195);
    expect(contrasts[5]).toBeLessThan(40);
  });

  it.each([0, -1, Number.NaN])('blur() with a radius of %d leaves the picture as it is', (radius) => {
    const picture = noisyPicture(20, 20);
    blur(picture, { left: 0, top: 0, right: 20, bottom: 20 }, radius);
    expect(picture).toEqual(noisyPicture(20, 20));
  });
});
