import { describe, expect, it } from 'vitest';
import { heads } from '../../../../peer/vision/heads/index.ts';

const spec = {
  input: { width: 64, height: 32 },
  outputs: [{ name: 'output' }],
  labels: ['person', 'bicycle', 'car'],
  threshold: 0.3,
};
// 8×4 cells of 8 pixels, 4×2 of 16, 2×1 of 32.
const rows = 32 + 8 + 2;
const width = 8;

/** An output in which nothing was found, but for the rows given. */
function output(found: Record<number, number[]>) {
  const data = new Float32Array(rows * width);
  for (const [row, values] of Object.entries(found)) data.set(values, Number(row) * width);
  return { output: { data, dims: [1, rows, width] } };
}

describe('yolox()', () => {
  it('yolox() finds nothing in an empty output', () => {
    expect(heads.yolox(output({}), spec)).toEqual([]);
  });

  it.each([
    { grid: 'first', row: 8 + 3, stride: 8, x: 3, y: 1 },
    { grid: 'second', row: 32 + 4 + 2, stride: 16, x: 2, y: 1 },
    { grid: 'third', row: 40 + 1, stride: 32, x: 1, y: 0 },
  ])('yolox() places a box of the $grid grid', ({ row, stride, x, y }) => {
    const found = output({ [row]: [0.25, 0.5, Math.log(2), Math.log(3), 0.9, 0.1, 0.8, 0.2] });
    const [candidate, ...others] = heads.yolox(found, spec);
    expect(others).toEqual([]);
    expect(candidate?.classId).toBe(1);
    expect(candidate?.score).toBeCloseTo(0.72, 6);
    expect(candidate?.box.width).toBeCloseTo(2 * stride, 4);
    expect(candidate?.box.height).toBeCloseTo(3 * stride, 4);
    expect(candidate?.box.x).toBeCloseTo((x + 0.25 - 1) * stride, 4);
    expect(candidate?.box.y).toBeCloseTo((y + 0.5 - 1.5) * stride, 4);
  });

  it('yolox() leaves out what objectness and class together do not lift over the threshold', () => {
    expect(heads.yolox(output({ 5: [0, 0, 0, 0, 0.9, 0.3, 0, 0] }), spec)).toEqual([]);
    expect(heads.yolox(output({ 5: [0, 0, 0, 0, 0.9, 0.4, 0, 0] }), spec)).toHaveLength(1);
  });

  it('yolox() suppresses the weaker of two neighbours on one object', () => {
    const size = Math.log(6);
    const found = output({ 10: [0.9, 0, size, size, 0.8, 1, 0, 0], 11: [0, 0, size, size, 0.9, 1, 0, 0] });
    expect(heads.yolox(found, spec).map(({ score }) => score)).toEqual([expect.closeTo(0.9, 6)]);
  });

  it.each([
    { what: 'a NaN objectness', row: [0, 0, 0, 0, Number.NaN, 1, 0, 0] },
    { what: 'an infinite objectness', row: [0, 0, 0, 0, Number.POSITIVE_INFINITY, 1, 0, 0] },
    { what: 'a NaN centre', row: [Number.NaN, 0, 0, 0, 0.9, 1, 0, 0] },
    { what: 'a size past all numbers', row: [0, 0, 1000, 0, 0.9, 1, 0, 0] },
    { what: 'NaN classes', row: [0, 0, 0, 0, 0.9, Number.NaN, Number.NaN, Number.NaN] },
  ])('yolox() counts $what instead of making a box of it', ({ row }) => {
    const tally = { malformed: 0 };
    const good = [0, 0, 0, 0, 0.9, 1, 0, 0];
    expect(heads.yolox(output({ 3: row, 20: good }), spec, tally)).toHaveLength(1);
    expect(tally).toEqual({ malformed: 1 });
  });

  it.each([
    { what: 'no output of the name', outputs: { boxes: { data: new Float32Array(0), dims: [0] } } },
    { what: 'no output at all', outputs: {} },
    {
      what: 'another number of cells',
      outputs: { output: { data: new Float32Array(41 * 8), dims: [1, 41, 8] } },
    },
    {
      what: 'another number of classes',
      outputs: { output: { data: new Float32Array(42 * 9), dims: [1, 42, 9] } },
    },
    {
      what: 'fewer dimensions',
      outputs: { output: { data: new Float32Array(42 * 8), dims: [42, 8] } },
    },
    {
      what: 'fewer values than its dimensions say',
      outputs: { output: { data: new Float32Array(10), dims: [1, 42, 8] } },
    },
  ])('yolox() refuses $what', ({ outputs }) => {
    expect(() => heads.yolox(outputs, spec)).toThrow(
      expect.objectContaining({
        code: 'model-contract-mismatch',
        message: expect.stringMatching(/expected .*"output".* \[1,42,8\].* found /),
      }),
    );
  });
});
