import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planesOf } from '../../../../peer/vision/draw/plane.ts';
import { coveringRect, samplesIn, wholeOf } from '../../../../peer/vision/effects/region.ts';
import { plainPicture } from '../picture.ts';

const picture = plainPicture(101, 75);

describe('coveringRect()', () => {
  it('coveringRect() covers the box and its margin, at most two pixels more, and nothing beyond the picture', () => {
    const number = fc.double({ min: -1, max: 1.5, noNaN: true });
    const size = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(number, number, size, size, fc.constantFrom(0, 0.25, 1), (x, y, width, height, margin) => {
        const rect = coveringRect({ x, y, width, height }, margin, picture);
        const left = Math.max(0, (x - margin * width) * 101);
        const right = Math.min(101, (x + width + margin * width) * 101);
        const top = Math.max(0, (y - margin * height) * 75);
        const bottom = Math.min(75, (y + height + margin * height) * 75);
        if (right <= left || bottom <= top) return;
        expect(rect).toBeDefined();
        if (!rect) return;
        expect([rect.left <= left, rect.top <= top, rect.right >= right, rect.bottom >= bottom]).toEqual(
          new Array(4).fill(true),
        );
        expect([rect.left % 2, rect.top % 2]).toEqual([0, 0]);
        expect([rect.left >= 0, rect.top >= 0, rect.right <= 101, rect.bottom <= 75]).toEqual(
          new Array(4).fill(true),
        );
        expect(left - rect.left + top - rect.top).toBeLessThan(4);
        expect(rect.right - right + rect.bottom - bottom).toBeLessThan(4);
      }),
    );
  });

  it.each([
    { what: 'outside', box: { x: 1.5, y: 0, width: 0.2, height: 0.2 } },
    { what: 'NaN', box: { x: Number.NaN, y: 0, width: 0.2, height: 0.2 } },
  ])('coveringRect() gives nothing for a box that is $what', ({ box }) => {
    expect(coveringRect(box, 0, picture)).toBeUndefined();
  });
});

describe('samplesIn()', () => {
  it('samplesIn() takes every chroma sample that is touched, at odd positions too', () => {
    const [luma, chroma] = planesOf(picture);
    const rect = { left: 3, top: 5, right: 7, bottom: 9 };
    expect(samplesIn(rect, luma)).toEqual(rect);
    expect(samplesIn(rect, chroma)).toEqual({ left: 1, top: 2, right: 4, bottom: 5 });
    expect(samplesIn(wholeOf(picture), chroma)).toEqual({ left: 0, top: 0, right: 51, bottom: 38 });
  });

  it('samplesIn() gives nothing beside the plane', () => {
    const [luma] = planesOf(picture);
    expect(samplesIn({ left: -9, top: 0, right: 0, bottom: 9 }, luma)).toBeUndefined();
    expect(samplesIn({ left: 101, top: 0, right: 110, bottom: 9 }, luma)).toBeUndefined();
  });
});
