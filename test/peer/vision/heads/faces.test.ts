import { describe, expect, it } from 'vitest';
import { heads } from '../../../../peer/vision/heads/index.ts';
import { output } from './outputs.ts';

describe('ultraface()', () => {
  const spec = {
    input: { width: 320, height: 240 },
    outputs: [{ name: 'scores' }, { name: 'boxes' }],
    labels: ['face'],
    threshold: 0.5,
  };
  const found = (rows: { score: number; box: number[] }[]) => ({
    scores: {
      data: Float32Array.from(rows.flatMap(({ score }) => [1 - score, score])),
      dims: [1, rows.length, 2],
    },
    boxes: { data: Float32Array.from(rows.flatMap(({ box }) => box)), dims: [1, rows.length, 4] },
  });

  it('ultraface() brings fractions to pixels of its input', () => {
    const outputs = found([{ score: 0.75, box: [0.25, 0.5, 0.5, 0.75] }]);
    expect(heads.ultraface(outputs, spec)).toEqual([
      { box: { x: 80, y: 120, width: 80, height: 60 }, classId: 0, score: 0.75 },
    ]);
  });

  it('ultraface() keeps one of two boxes on one face, and both of two faces', () => {
    const outputs = found([
      { score: 0.75, box: [0, 0, 0.5, 0.5] },
      { score: 1, box: [0, 0, 0.5, 0.25] },
      { score: 0.625, box: [0.5, 0.5, 1, 1] },
    ]);
    expect(heads.ultraface(outputs, spec).map(({ score }) => score)).toEqual([1, 0.625]);
  });

  it('ultraface() passes over boxes turned inside out, and counts what is no number', () => {
    const tally = { malformed: 0 };
    const outputs = found([
      { score: 0.9, box: [0.5, 0, 0.25, 1] },
      { score: 0.9, box: [Number.NaN, 0, 1, 1] },
      { score: Number.NaN, box: [0, 0, 1, 1] },
    ]);
    expect(heads.ultraface(outputs, spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 2 });
  });

  it('ultraface() refuses boxes that are not one for each score', () => {
    const outputs = { scores: output([1, 3, 2]), boxes: output([1, 2, 4]) };
    expect(() => heads.ultraface(outputs, spec)).toThrow(
      expect.objectContaining({
        code: 'model-contract-mismatch',
        message: expect.stringContaining('"boxes"'),
      }),
    );
  });
});

describe('blazeface()', () => {
  const spec = {
    input: { width: 64, height: 64 },
    outputs: [{ name: 's16' }, { name: 'v16' }, { name: 's32' }, { name: 'v32' }],
    labels: ['face'],
    threshold: 0.5,
  };
  // 4×4 cells of 16 pixels with two rows each, 2×2 cells of 32 pixels with six.
  const found = (
    fine: Record<number, number>,
    fineRow: Record<number, number>,
    coarse = {},
    coarseRow = {},
  ) => ({
    s16: output([1, 32, 1], fine, -20),
    v16: output([1, 32, 16], fineRow),
    s32: output([1, 24, 1], coarse, -20),
    v32: output([1, 24, 16], coarseRow),
  });

  it('blazeface() places a row of the fine grid at the middle of its cell', () => {
    // Row 13 is the second one of cell 6: column 2 of line 1, so its middle is (40, 24).
    const at = 13 * 16;
    const row = { [at]: 1, [at + 1]: 2, [at + 2]: 10, [at + 3]: 20, [at + 4]: -3, [at + 5]: -4 };
    const [face, ...others] = heads.blazeface(found({ 13: 0 }, row), spec);
    expect(others).toEqual([]);
    expect(face).toMatchObject({ box: { x: 36, y: 16, width: 10, height: 20 }, classId: 0, score: 0.5 });
    expect(face?.keypoints).toHaveLength(6);
    expect(face?.keypoints?.[0]).toEqual({ x: 37, y: 20 });
    expect(face?.keypoints?.[1]).toEqual({ x: 40, y: 24 });
  });

  it('blazeface() places a row of the coarse grid', () => {
    // Row 23 is the last one of the last cell, whose middle is (48, 48).
    const row = { [23 * 16 + 2]: 8, [23 * 16 + 3]: 8 };
    const [face] = heads.blazeface(found({}, {}, { 23: 20 }, row), spec);
    expect(face?.box).toEqual({ x: 44, y: 44, width: 8, height: 8 });
    expect(face?.score).toBeCloseTo(1, 6);
  });

  it('blazeface() counts rows that hold what is no number', () => {
    const tally = { malformed: 0 };
    const outputs = found({ 0: Number.NaN, 1: 9 }, { 19: Number.POSITIVE_INFINITY });
    expect(heads.blazeface(outputs, spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 2 });
  });

  it('blazeface() refuses a grid of another size', () => {
    expect(() => heads.blazeface({ ...found({}, {}), s32: output([1, 25, 1]) }, spec)).toThrow(
      /"s32" to be \[1,24,1\]/,
    );
  });
});
