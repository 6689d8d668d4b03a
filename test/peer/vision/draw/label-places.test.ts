import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabelPlaces } from '../../../../peer/vision/draw/label-places.ts';

const label = (left: number, top: number, width = 60, height = 20) => {
  return { left, top, right: left + width, bottom: top + height };
};

describe('LabelPlaces', () => {
  it('LabelPlaces.take() gives what is clear its own place', () => {
    const places = new LabelPlaces({ height: 480 });
    expect([label(0, 100), label(60, 100), label(0, 120)].map((wanted) => places.take(wanted))).toEqual([
      100, 100, 120,
    ]);
  });

  it('LabelPlaces.take() moves a label up by what lies in its way', () => {
    const places = new LabelPlaces({ height: 480 });
    expect([label(0, 100), label(40, 106), label(20, 100)].map((wanted) => places.take(wanted))).toEqual([
      100, 80, 60,
    ]);
  });

  it('LabelPlaces.take() moves a label down where there is no room above', () => {
    const places = new LabelPlaces({ height: 480 });
    expect([label(0, 0), label(40, 0), label(20, 10)].map((wanted) => places.take(wanted))).toEqual([
      0, 20, 40,
    ]);
  });

  it('LabelPlaces.take() moves a label down where it would go too far up', () => {
    const places = new LabelPlaces({ height: 480 });
    for (const top of [60, 80, 100]) places.take(label(0, top));
    expect(places.take(label(20, 106))).toBe(120);
  });

  it('LabelPlaces.take() leaves a label where it is wanted when there is no room near by', () => {
    const places = new LabelPlaces({ height: 480 });
    for (const top of [60, 80, 100, 120, 140]) places.take(label(0, top));
    expect(places.take(label(20, 106))).toBe(106);
    const low = new LabelPlaces({ height: 30 });
    expect([label(0, 4), label(40, 6)].map((wanted) => low.take(wanted))).toEqual([4, 6]);
  });

  it('LabelPlaces.take() gives even places in the picture, near what is wanted and apart while there is room', () => {
    const even = (max: number) => fc.integer({ min: 0, max: max / 2 }).map((half) => 2 * half);
    const wanted = fc.tuple(even(200), even(460)).map(([left, top]) => label(left, top));
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 20 }), (labels) => {
        const places = new LabelPlaces({ height: 480 });
        const given = labels.map((one) => ({ left: one.left, top: places.take(one) }));
        for (const [index, one] of given.entries()) {
          const moved = Math.abs(one.top - (labels[index]?.top ?? 0));
          expect(one.top % 2).toBe(0);
          expect(one.top).toBeGreaterThanOrEqual(0);
          expect(one.top).toBeLessThanOrEqual(460);
          expect(moved).toBeLessThanOrEqual(40);
          const isClear = given
            .slice(0, index)
            .every(({ left, top }) => Math.abs(one.left - left) >= 60 || Math.abs(one.top - top) >= 20);
          expect(isClear || moved === 0).toBe(true);
        }
      }),
    );
  });
});
