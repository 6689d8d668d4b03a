import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { components } from '../../../../peer/vision/heads/components.ts';
import { heads } from '../../../../peer/vision/heads/index.ts';
import { smallestRectangle } from '../../../../peer/vision/heads/smallest-rectangle.ts';
import { output } from './outputs.ts';

describe('components()', () => {
  it('components() joins what touches, corners included, and nothing else', () => {
    const map = Float32Array.of(1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1);
    const found = components(map, 5, 3, 0.5);
    expect(found.map(({ pixels }) => pixels)).toEqual([2, 2]);
    expect(found[1]?.outline).toContainEqual({ x: 5, y: 3 });
  });

  it('components() takes every pixel above the threshold exactly once', () => {
    const map = fc.array(fc.constantFrom<number>(0, 0.3, 0.6, 1), { minLength: 35, maxLength: 35 });
    fc.assert(
      fc.property(map, (values) => {
        const found = components(Float32Array.from(values), 7, 5, 0.5);
        const above = values.filter((value) => value > 0.5);
        expect(found.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(above.length);
        const total = found.reduce((all, { sum }) => all + sum, 0);
        expect(total).toBeCloseTo(
          above.reduce((all, value) => all + value, 0),
          4,
        );
      }),
    );
  });
});

describe('smallestRectangle()', () => {
  const side = fc.double({ min: 5, max: 200, noNaN: true });

  it('smallestRectangle() finds a rectangle again from its corners, turned by up to 45°', () => {
    const angle = fc.double({ min: -0.7, max: 0.7, noNaN: true });
    fc.assert(
      fc.property(side, side, angle, (width, height, angle) => {
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const corners = [
          [-1, -1],
          [1, -1],
          [1, 1],
          [-1, 1],
        ].map(([x = 0, y = 0]) => ({
          x: 300 + (x * width * cos - y * height * sin) / 2,
          y: 200 + (x * width * sin + y * height * cos) / 2,
        }));
        const found = smallestRectangle([...corners, { x: 300, y: 200 }]);
        expect(found.centreX).toBeCloseTo(300, 6);
        expect(found.centreY).toBeCloseTo(200, 6);
        expect(found.width).toBeCloseTo(width, 6);
        expect(found.height).toBeCloseTo(height, 6);
        expect(found.angle).toBeCloseTo(angle, 6);
      }),
    );
  });

  it.each([
    { what: 'no points', points: [] },
    { what: 'one point', points: [{ x: 3, y: 4 }] },
    {
      what: 'points on a line',
      points: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
    },
  ])('smallestRectangle() gives an empty rectangle for $what', ({ points }) => {
    const { width, height } = smallestRectangle(points);
    expect(width * height).toBeCloseTo(0, 9);
  });
});

describe('textAreas()', () => {
  const spec = {
    input: { width: 40, height: 20 },
    outputs: [{ name: 'map' }],
    labels: ['text'],
    threshold: 0.5,
  };
  const area = (left: number, top: number, right: number, bottom: number, value: number) => {
    const values: Record<number, number> = {};
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) values[y * 40 + x] = value;
    return values;
  };
  const map = (values: Record<number, number>) => ({ map: output([1, 1, 20, 40], values) });

  it('textAreas() widens a line to what the network was taught to shrink it from', () => {
    const [line, ...others] = heads['text-areas'](map(area(10, 8, 30, 12, 0.75)), spec);
    expect(others).toEqual([]);
    // 1.6 × 20 × 4 / (2 × 24) on each side
    const margin = (1.6 * 80) / 48;
    expect(line?.score).toBeCloseTo(0.75, 6);
    expect(line?.box.x).toBeCloseTo(10 - margin, 6);
    expect(line?.box.y).toBeCloseTo(8 - margin, 6);
    expect(line?.box.width).toBeCloseTo(20 + 2 * margin, 6);
    expect(line?.box.height).toBeCloseTo(4 + 2 * margin, 6);
    expect(line?.keypoints?.[0]?.x).toBeCloseTo(10 - margin, 6);
    expect(line?.keypoints?.[2]?.y).toBeCloseTo(12 + margin, 6);
  });

  it('textAreas() gives the surest line first, and passes over specks and what is unsure', () => {
    const values = {
      ...area(0, 0, 8, 4, 0.625),
      ...area(0, 10, 8, 14, 1),
      ...area(20, 0, 28, 4, 0.4),
      ...area(30, 10, 32, 12, 1),
    };
    expect(heads['text-areas'](map(values), spec).map(({ score }) => score)).toEqual([1, 0.625]);
  });

  it('textAreas() counts a map that holds what is no number', () => {
    const tally = { malformed: 0 };
    expect(heads['text-areas'](map({ 7: Number.NaN }), spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 1 });
  });
});

describe('textLine()', () => {
  const spec = {
    input: { width: 480, height: 48 },
    outputs: [{ name: 'steps' }],
    labels: ['a', 'b', 'c'],
    threshold: 0.5,
  };
  /** Steps of "nothing" (-), a label, or a space (_), each with a probability of 0.75. */
  function steps(text: string, probability = 0.75) {
    const values: Record<number, number> = {};
    for (const [step, character] of [...text].entries())
      values[step * 5 + '-abc_'.indexOf(character)] = probability;
    return { steps: output([1, text.length, 5], values) };
  }

  it.each([
    { read: 'abc', text: 'abc' },
    { read: '-aa-bbb--c-', text: 'abc' },
    { read: 'aa-a', text: 'aa' },
    { read: 'a_b', text: 'a b' },
    { read: '__a_', text: 'a' },
  ])('textLine() reads "$read" as "$text"', ({ read, text }) => {
    const [line] = heads['text-line'](steps(read), spec);
    expect(line?.text).toBe(text);
    expect(line?.score).toBeCloseTo(0.75, 6);
  });

  it.each(['-----', '', '_-_'])('textLine() gives nothing for "%s"', (read) => {
    expect(heads['text-line'](steps(read), spec)).toEqual([]);
  });

  it('textLine() gives nothing that it is unsure of', () => {
    expect(heads['text-line'](steps('abc', 0.25), spec)).toEqual([]);
  });

  it('textLine() counts a line whose steps are no numbers', () => {
    const tally = { malformed: 0 };
    const outputs = { steps: output([1, 2, 5], {}, Number.NaN) };
    expect(heads['text-line'](outputs, spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 1 });
  });

  it('textLine() refuses an alphabet of another size', () => {
    expect(() => heads['text-line']({ steps: output([1, 4, 6]) }, spec)).toThrow(/to be \[1,any,5\]/);
  });
});
