import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFound, drawMask } from '../../../peer/vision/overlay.ts';
import { colourOf } from '../../../peer/vision/palette.ts';
import type { Box, DetectedObject } from '../../../protocol/detections.ts';
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

describe('drawFound()', () => {
  it('drawFound() outlines the box in the colour of its class', () => {
    const picture = plainPicture(640, 480, 32);
    drawFound(picture, { objects: [person(middle)] });
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

  it('drawMask() draws in bands what drawFound() draws of a mask at once', () => {
    const mask = { width: 5, height: 4, data: Uint8Array.from({ length: 20 }, (_, at) => (at * 53) % 256) };
    const [whole, banded] = [plainPicture(41, 33), plainPicture(41, 33)];
    drawFound(whole, { objects: [person(middle)], mask });
    for (let from = 0; from < 33; from += 6) drawMask(banded, mask, { from, end: Math.min(33, from + 6) });
    drawFound(banded, { objects: [person(middle)] });
    expect(banded).toEqual(whole);
    expect(touchedSamples(whole, 1).size).toBeGreaterThan(21);
  });

  it('drawFound() puts the label on the box where there is room', () => {
    const picture = plainPicture(640, 480);
    drawFound(picture, { objects: [person(middle)] });
    const { left, right, top, bottom } = coordinates(touchedSamples(picture, 0));
    expect([left, right, bottom]).toEqual([160, 479, 359]);
    expect(top).toBeGreaterThan(90);
    expect(top).toBeLessThan(102);
    expect(sampleAt(picture, 0, 160, 118)).toBe(green.y);
  });

  it('drawFound() puts the label inside the box where there is no room above', () => {
    const picture = plainPicture(640, 480);
    drawFound(picture, { objects: [person({ x: 0.25, y: 0.01, width: 0.5, height: 0.5 })] });
    expect(coordinates(touchedSamples(picture, 0)).top).toBe(4);
    expect(sampleAt(picture, 0, 162, 14)).toBe(green.y);
  });

  it.each([
    { edge: 'right', box: { x: 0.95, y: 0.5, width: 0.05, height: 0.2 } },
    { edge: 'left', box: { x: -0.1, y: 0.5, width: 0.15, height: 0.2 } },
  ])('drawFound() keeps the label whole at the $edge edge', ({ box }) => {
    const whole = plainPicture(640, 480);
    drawFound(whole, { objects: [person({ ...box, x: 0.4 })] }, { thickness: 2 });
    const edge = plainPicture(640, 480);
    drawFound(edge, { objects: [person(box)] }, { thickness: 2 });
    const inLabel = (touched: Set<string>) =>
      Array.from(touched).filter((position) => Number(position.split(',')[1]) < 240).length;
    expect(inLabel(touchedSamples(edge, 0))).toBe(inLabel(touchedSamples(whole, 0)));
  });

  it('drawFound() draws the first object over the others', () => {
    const picture = plainPicture(640, 480);
    const car = { label: 'car', classId: 2, score: 0.5, box: middle };
    drawFound(picture, { objects: [person(middle), car] });
    expect(sampleAt(picture, 0, 160, 300)).toBe(green.y);
    drawFound(picture, { objects: [car, person(middle)] });
    expect(sampleAt(picture, 0, 160, 300)).toBe(colourOf(2).y);
  });

  it('drawFound() keeps labels of boxes that lie together apart, the first in its own place', () => {
    const alone = plainPicture(640, 480);
    const car = { label: 'car', classId: 2, score: 0.5, box: { ...middle, x: middle.x + 0.02 } };
    drawFound(alone, { objects: [person(middle)] });
    const both = plainPicture(640, 480);
    drawFound(both, { objects: [person(middle), car] });
    const rows = ({ top }: { top: number }) => Array.from({ length: 118 - top }, (_, row) => top + row);
    const first = coordinates(touchedSamples(alone, 0));
    for (const row of rows(first)) {
      expect(both.planes[0].slice(row * 640 + 164, row * 640 + 300)).toEqual(
        alone.planes[0].slice(row * 640 + 164, row * 640 + 300),
      );
    }
    expect(coordinates(touchedSamples(both, 0)).top).toBe(first.top - (120 - first.top));
    expect(sampleAt(both, 0, 176, first.top - 2)).toBe(colourOf(2).y);
  });

  it('drawFound() leaves the name of a zone to be read', () => {
    const zone = {
      name: 'door',
      count: 2,
      points: [
        { x: 0.25, y: 0.2 },
        { x: 0.5, y: 0.2 },
        { x: 0.4, y: 0.6 },
      ],
    };
    const nameOf = ({ planes: [luma] }: ReturnType<typeof plainPicture>) =>
      Array.from({ length: 16 }, (_, row) => luma.slice((98 + row) * 640 + 162, (98 + row) * 640 + 210));
    const bare = plainPicture(640, 480);
    drawFound(bare, { objects: [], zones: [zone] });
    const passed = plainPicture(640, 480);
    drawFound(passed, { objects: [person({ x: 0.25, y: 0.25, width: 0.3, height: 0.5 })], zones: [zone] });
    expect(nameOf(passed)).toEqual(nameOf(bare));
  });

  it('drawFound() draws boxes without labels, and of the thickness asked for', () => {
    const picture = plainPicture(640, 480);
    drawFound(picture, { objects: [person(middle)] }, { textSize: 0, thickness: 5 });
    expect(touchedSamples(picture, 0).size).toBe(320 * 240 - 308 * 228);
  });

  it('drawFound() leaves the picture alone where nothing can be drawn', () => {
    const picture = plainPicture(64, 48, 7);
    drawFound(picture, {
      objects: [
        person({ x: Number.NaN, y: 0, width: 1, height: 1 }),
        person({ x: 0, y: 0, width: Number.POSITIVE_INFINITY, height: 1 }),
        person({ x: 2, y: 0, width: 1, height: 1 }),
        person({ x: 0, y: 0, width: 0, height: 0 }),
      ],
    });
    expect(picture).toEqual(plainPicture(64, 48, 7));
  });

  it('drawFound() shows the id of a track between its name and its score', () => {
    const widthOfLabel = (object: DetectedObject) => {
      const picture = plainPicture(640, 480);
      drawFound(picture, { objects: [object] });
      const label = Array.from(touchedSamples(picture, 0)).filter((at) => Number(at.split(',')[1]) < 118);
      return coordinates(new Set(label)).right - 160;
    };
    const small = { ...middle, width: 0.01 };
    const plain = widthOfLabel(person(small));
    const short = widthOfLabel({ ...person(small), trackId: 3 });
    const long = widthOfLabel({ ...person(small), trackId: 30 });
    expect(short).toBeGreaterThan(plain);
    // The second digit is as wide as the first, which has a space before it.
    expect(long - short).toBeGreaterThan((short - plain) / 2);
    expect(long - short).toBeLessThan(short - plain);
  });

  it('drawFound() labels a text that was read with the text alone', () => {
    const read = plainPicture(640, 480);
    drawFound(read, { objects: [{ ...person(middle), text: 'EXIT' }] });
    const wrong = plainPicture(640, 480);
    drawFound(wrong, { objects: [{ ...person(middle), text: 'EXIT', score: 0.1, label: 'text' }] });
    expect(read).toEqual(wrong);
    const label = Array.from(touchedSamples(read, 0)).filter((at) => Number(at.split(',')[1]) < 118);
    expect(label.length).toBeGreaterThan(500);
  });

  it('drawFound() draws a skeleton in the place of a box', () => {
    const picture = plainPicture(640, 480);
    const keypoints = Array.from({ length: 17 }, (_, at) => ({ x: 0.3 + at / 50, y: 0.5, score: 0.9 }));
    drawFound(picture, { objects: [{ ...person(middle), keypoints }] }, { textSize: 0 });
    const { top, bottom } = coordinates(touchedSamples(picture, 0));
    expect([top, bottom].map((row) => Math.abs(row - 239.5) < 4)).toEqual([true, true]);
  });

  it('drawFound() draws the box as well as points that are no skeleton', () => {
    const picture = plainPicture(640, 480);
    const keypoints = [{ x: 0.5, y: 0.5 }];
    drawFound(picture, { objects: [{ ...person(middle), keypoints }] }, { textSize: 0 });
    expect(sampleAt(picture, 0, 160, 300)).toBe(green.y);
    expect(sampleAt(picture, 0, 320, 240)).toBe(235);
  });

  it('drawFound() lists at most five classes of the frame in the corner, the first on top', () => {
    const classes = Array.from({ length: 9 }, (_, at) => ({ ...person(middle, 0.9 - at / 10), classId: at }));
    const five = plainPicture(640, 480);
    drawFound(five, { objects: [], classes: classes.slice(0, 5) });
    const all = plainPicture(640, 480);
    drawFound(all, { objects: [], classes });
    expect(all).toEqual(five);
    const { left, top, bottom } = coordinates(touchedSamples(five, 0));
    expect([left, top]).toEqual([0, 0]);
    const height = (bottom + 1) / 5;
    for (let at = 0; at < 5; at++) {
      expect(sampleAt(five, 0, 0, at * height)).toBe(colourOf(at).y);
    }
  });

  it('drawFound() tints what a mask covers, and draws zones, under the boxes', () => {
    const picture = plainPicture(64, 48);
    const mask = { width: 2, height: 1, data: Uint8Array.of(0, 255) };
    const zones = [
      {
        name: 'door',
        count: 1,
        points: [
          { x: 0, y: 0.5 },
          { x: 1, y: 0.5 },
          { x: 1, y: 1 },
        ],
      },
    ];
    drawFound(picture, { objects: [person({ ...middle, x: 0.7 })], mask, zones }, { textSize: 0 });
    const touched = touchedSamples(picture, 0);
    expect(touched.has('2,2')).toBe(false);
    expect(touched.has('60,2')).toBe(true);
    expect(touched.has('20,24')).toBe(true);
    expect(sampleAt(picture, 0, 44, 30)).toBe(green.y);
  });

  it('drawFound() gives the same picture with rows of any stride', () => {
    const tight = plainPicture(641, 479);
    const loose = plainPicture(641, 479, 13);
    for (const picture of [tight, loose])
      drawFound(picture, { objects: [person(middle), person({ ...middle, y: 0 })] });
    for (const plane of [0, 1, 2] as const) {
      expect(touchedSamples(loose, plane)).toEqual(touchedSamples(tight, plane));
    }
  });

  it.each([
    [0, 0],
    [0, 48],
    [64, 0],
    [1, 1],
    [2, 2],
  ])('drawFound() takes a picture of %i × %i', (width, height) => {
    const picture = plainPicture(width, height);
    const keypoints = Array.from({ length: 17 }, () => ({ x: 0.5, y: 0.5 }));
    const mask = { width: 2, height: 2, data: Uint8Array.of(255, 255, 255, 255) };
    const zones = [{ name: 'line', count: 0, from: { x: 0, y: 0 }, to: { x: 1, y: 1 } }];
    drawFound(picture, { objects: [person(middle), { ...person(middle), keypoints }], mask, zones });
    expect(touchedSamples(picture, 0).size).toBe(width * height);
  });

  it('drawFound() writes only within any picture, for any objects', () => {
    const number = fc.oneof(
      fc.double({ min: -1.5, max: 1.5 }),
      fc.constantFrom(Number.NaN, 1e300, -1e300, Number.NEGATIVE_INFINITY, 0, 1),
    );
    const object = fc.record({
      label: fc.string({ unit: 'grapheme', maxLength: 60 }),
      classId: fc.nat(100),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      box: fc.record({ x: number, y: number, width: number, height: number }),
      keypoints: fc
        .constantFrom(0, 3, 17, 21, 468)
        .chain((length) =>
          fc.record({ x: number, y: number }).map((point) => Array.from({ length }, () => point)),
        ),
      trackId: fc.integer({ min: 1 }),
    });
    const zone = fc.record({
      name: fc.string({ maxLength: 20 }),
      count: fc.nat(),
      points: fc.array(fc.record({ x: number, y: number }), { maxLength: 6 }),
    });
    const mask = fc.record({
      width: fc.integer({ min: 0, max: 5 }),
      height: fc.integer({ min: 0, max: 5 }),
      data: fc.uint8Array({ minLength: 0, maxLength: 30 }),
    });
    const side = fc.oneof(fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 150 }));
    fc.assert(
      fc.property(
        side,
        side,
        fc.array(object, { maxLength: 6 }),
        fc.array(zone, { maxLength: 2 }),
        mask,
        (...[width, height, objects, zones, mask]) => {
          const picture = plainPicture(width, height, 3);
          drawFound(picture, { objects, classes: objects, zones, mask });
          for (const plane of [0, 1, 2] as const) {
            const columns = plane === 0 ? width : Math.ceil(width / 2);
            for (const position of touchedSamples(picture, plane)) {
              expect(Number(position.split(',')[0])).toBeLessThan(columns);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
