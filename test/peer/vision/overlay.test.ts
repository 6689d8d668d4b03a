import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawDetections } from '../../../peer/vision/overlay.ts';
import { colourOf } from '../../../peer/vision/palette.ts';
import type { Box } from '../../../protocol/detections.ts';
import { plainPicture, sampleAt, touchedSamples } from './picture.ts';

const person = (box: Box, score = 0.94) => ({ label: 'person', classId: 0, score, box });
const middle = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
const green = colourOf(0);
const coordinates = (touched: Set<string>) => {
  const pairs = Array.from(touched, (position) => position.split(',').map(Number));
  const xs = pairs.map(([x = 0]) => x);
  const ys = pairs.map(([, y = 0]) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
};

describe('drawDetections()', () => {
  it('drawDetections() outlines the box in the colour of its class', () => {
    const picture = plainPicture(640, 480, 32);
    drawDetections(picture, [person(middle)]);
    for (const [x, y] of [
      [160, 300],
      [478, 300],
      [400, 120],
      [300, 358],
    ] as const) {
      expect(sampleAt(picture, 0, x, y)).toBe(green.y);
      expect(sampleAt(picture, 1, x / 2, y / 2)).toBe(green.u);
      expect(sampleAt(picture, 2, x / 2, y / 2)).toBe(green.v);
    }
    expect(touchedSamples(picture, 0).has('320,240')).toBe(false);
  });

  it('drawDetections() puts the label on the box where there is room', () => {
    const picture = plainPicture(640, 480);
    drawDetections(picture, [person(middle)]);
    const { left, right, top, bottom } = coordinates(touchedSamples(picture, 0));
    expect([left, right, bottom]).toEqual([160, 479, 359]);
    expect(top).toBeGreaterThan(90);
    expect(top).toBeLessThan(102);
    expect(sampleAt(picture, 0, 160, 118)).toBe(green.y);
  });

  it('drawDetections() puts the label inside the box where there is no room above', () => {
    const picture = plainPicture(640, 480);
    drawDetections(picture, [person({ x: 0.25, y: 0.01, width: 0.5, height: 0.5 })]);
    expect(coordinates(touchedSamples(picture, 0)).top).toBe(4);
    expect(sampleAt(picture, 0, 162, 14)).toBe(green.y);
  });

  it.each([
    { edge: 'right', box: { x: 0.95, y: 0.5, width: 0.05, height: 0.2 } },
    { edge: 'left', box: { x: -0.1, y: 0.5, width: 0.15, height: 0.2 } },
  ])('drawDetections() keeps the label whole at the $edge edge', ({ box }) => {
    const whole = plainPicture(640, 480);
    drawDetections(whole, [person({ ...box, x: 0.4 })], { thickness: 2 });
    const edge = plainPicture(640, 480);
    drawDetections(edge, [person(box)], { thickness: 2 });
    const inLabel = (touched: Set<string>) =>
      Array.from(touched).filter((position) => Number(position.split(',')[1]) < 240).length;
    expect(inLabel(touchedSamples(edge, 0))).toBe(inLabel(touchedSamples(whole, 0)));
  });

  it('drawDetections() draws the first object over the others', () => {
    const picture = plainPicture(640, 480);
    const car = { label: 'car', classId: 2, score: 0.5, box: middle };
    drawDetections(picture, [person(middle), car]);
    expect(sampleAt(picture, 0, 160, 300)).toBe(green.y);
    drawDetections(picture, [car, person(middle)]);
    expect(sampleAt(picture, 0, 160, 300)).toBe(colourOf(2).y);
  });

  it('drawDetections() draws boxes without labels, and of the thickness asked for', () => {
    const picture = plainPicture(640, 480);
    drawDetections(picture, [person(middle)], { textSize: 0, thickness: 5 });
    expect(touchedSamples(picture, 0).size).toBe(320 * 240 - 308 * 228);
  });

  it('drawDetections() leaves the picture alone where nothing can be drawn', () => {
    const picture = plainPicture(64, 48, 7);
    drawDetections(picture, [
      person({ x: Number.NaN, y: 0, width: 1, height: 1 }),
      person({ x: 0, y: 0, width: Number.POSITIVE_INFINITY, height: 1 }),
      person({ x: 2, y: 0, width: 1, height: 1 }),
      person({ x: 0, y: 0, width: 0, height: 0 }),
    ]);
    expect(picture).toEqual(plainPicture(64, 48, 7));
  });

  it('drawDetections() gives the same picture with rows of any stride', () => {
    const tight = plainPicture(641, 479);
    const loose = plainPicture(641, 479, 13);
    for (const picture of [tight, loose])
      drawDetections(picture, [person(middle), person({ ...middle, y: 0 })]);
    for (const plane of [0, 1, 2] as const) {
      expect(touchedSamples(loose, plane)).toEqual(touchedSamples(tight, plane));
    }
  });

  it('drawDetections() writes only within any picture, for any objects', () => {
    const number = fc.oneof(
      fc.double({ min: -1.5, max: 1.5 }),
      fc.constantFrom(Number.NaN, 1e300, -1e300, Number.NEGATIVE_INFINITY, 0, 1),
    );
    const object = fc.record({
      label: fc.string({ unit: 'grapheme', maxLength: 60 }),
      classId: fc.nat(100),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      box: fc.record({ x: number, y: number, width: number, height: number }),
    });
    const side = fc.oneof(fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 150 }));
    fc.assert(
      fc.property(side, side, fc.array(object, { maxLength: 6 }), (width, height, objects) => {
        const picture = plainPicture(width, height, 3);
        drawDetections(picture, objects);
        for (const plane of [0, 1, 2] as const) {
          const columns = plane === 0 ? width : Math.ceil(width / 2);
          for (const position of touchedSamples(picture, plane)) {
            expect(Number(position.split(',')[0])).toBeLessThan(columns);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
