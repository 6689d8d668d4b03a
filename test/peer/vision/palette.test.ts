import { describe, expect, it } from 'vitest';
import { type Colour, colourOf } from '../../../peer/vision/palette.ts';

const classes = Array.from({ length: 80 }, (_, classId) => colourOf(classId));
const distance = (a: Colour, b: Colour) => Math.hypot(a.y - b.y, a.u - b.u, a.v - b.v);

describe('colourOf()', () => {
  it('colourOf() gives a person a vivid green', () => {
    const { y, u, v } = colourOf(0);
    // From the formula of BT.601 for #2be85a.
    expect({ y, u, v }).toEqual({ y: 153, u: 94, v: 55 });
  });

  it('colourOf() gives 80 classes 80 colours within the limited range', () => {
    expect(new Set(classes.map(({ y, u, v }) => `${y},${u},${v}`)).size).toBe(80);
    for (const { y, u, v } of classes) {
      expect(Math.min(y, u, v)).toBeGreaterThanOrEqual(16);
      expect(Math.max(y - 235, u - 240, v - 240)).toBeLessThanOrEqual(0);
    }
  });

  it('colourOf() keeps the first dozen classes well apart, and every class apart from a person', () => {
    const dozen = classes.slice(0, 12);
    dozen.forEach((one, index) => {
      for (const other of dozen.slice(index + 1)) expect(distance(one, other)).toBeGreaterThan(25);
    });
    for (const other of classes.slice(1)) expect(distance(colourOf(0), other)).toBeGreaterThan(25);
  });

  it('colourOf() sets text off from every colour', () => {
    for (const { y, ink } of classes) expect(Math.abs(y - ink)).toBeGreaterThan(70);
  });

  it('colourOf() repeats colours beyond 80 classes, but never the first', () => {
    for (let classId = 80; classId < 1000; classId++) expect(colourOf(classId)).not.toBe(colourOf(0));
    expect(colourOf(80)).toBe(colourOf(1));
  });

  it.each([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY])(
    'colourOf() gives grey for class %s',
    (classId) => {
      expect(colourOf(classId)).toMatchObject({ u: 128, v: 128 });
    },
  );
});
