import { describe, expect, it } from 'vitest';
import { heads } from '../../../../peer/vision/heads/index.ts';
import { output } from './outputs.ts';

describe('palm()', () => {
  const spec = {
    input: { width: 32, height: 32 },
    outputs: [{ name: 'scores' }, { name: 'rows' }],
    labels: ['hand'],
    threshold: 0.5,
  };
  // 4×4 cells of 8 pixels with two rows each, then 2×2 cells of 16 pixels with six.
  const rows = 32 + 24;

  it.each([
    { row: 3, x: 12, y: 4 },
    { row: 31, x: 28, y: 28 },
    { row: 32, x: 8, y: 8 },
    { row: 55, x: 24, y: 24 },
  ])('palm() places row $row around ($x, $y)', ({ row, x, y }) => {
    const values = { [row * 18 + 2]: 6, [row * 18 + 3]: 4, [row * 18 + 16]: 1, [row * 18 + 17]: -1 };
    const outputs = { scores: output([1, rows, 1], { [row]: 2 }, -20), rows: output([1, rows, 18], values) };
    const [palm] = heads.palm(outputs, spec);
    expect(palm?.box).toEqual({ x: x - 3, y: y - 2, width: 6, height: 4 });
    expect(palm?.keypoints).toHaveLength(7);
    expect(palm?.keypoints?.[6]).toEqual({ x: x + 1, y: y - 1 });
    expect(palm?.score).toBeCloseTo(0.8808, 4);
  });

  it('palm() refuses another number of rows', () => {
    const outputs = { scores: output([1, rows + 1, 1]), rows: output([1, rows + 1, 18]) };
    expect(() => heads.palm(outputs, spec)).toThrow(
      expect.objectContaining({ code: 'model-contract-mismatch' }),
    );
  });
});

describe.each([
  { head: 'hand-landmarks', points: 21, labels: ['left hand', 'right hand'] },
  { head: 'face-mesh', points: 468, labels: ['face'] },
] as const)('$head', ({ head, points, labels }) => {
  const spec = {
    input: { width: 192, height: 192 },
    outputs: [{ name: 'points' }, { name: 'presence' }, { name: 'side' }],
    labels,
    threshold: 0.5,
  };
  const last = (points - 1) * 3;
  const found = (presence: number, values: Record<number, number> = {}) => ({
    points: output([1, points * 3], { 0: 100, 1: 50, [last]: 20, [last + 1]: 170, ...values }, 60),
    presence: output([1, 1], { 0: presence }),
    side: output([1, 1], { 0: 0.9 }),
  });

  it('gives every point without its depth, and a box around them', () => {
    const [thing, ...others] = heads[head](found(0.75), spec);
    expect(others).toEqual([]);
    expect(thing).toMatchObject({ score: 0.75, classId: 0, box: { x: 20, y: 50, width: 80, height: 120 } });
    expect(thing?.keypoints).toHaveLength(points);
    expect(thing?.keypoints?.at(-1)).toEqual({ x: 20, y: 170 });
  });

  it('gives nothing where nothing is there', () => {
    expect(heads[head](found(0.25), spec)).toEqual([]);
  });

  it.each([
    { what: 'a point', outputs: found(0.75, { 3: Number.NaN }) },
    { what: 'the presence', outputs: found(Number.NaN) },
  ])('counts $what that is no number', ({ outputs }) => {
    const tally = { malformed: 0 };
    expect(heads[head](outputs, spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 1 });
  });

  it('refuses another number of points', () => {
    const outputs = { ...found(0.75), points: output([1, points * 3 + 3]) };
    expect(() => heads[head](outputs, spec)).toThrow(
      expect.objectContaining({ code: 'model-contract-mismatch' }),
    );
  });
});

it.each([
  { side: 0.9, classId: 0 },
  { side: 0.1, classId: 1 },
])('handLandmarks() tells the hands of a picture that is not mirrored apart', ({ side, classId }) => {
  const spec = {
    input: { width: 224, height: 224 },
    outputs: [{ name: 'points' }, { name: 'presence' }, { name: 'side' }],
    labels: ['left hand', 'right hand'],
    threshold: 0.5,
  };
  const outputs = {
    points: output([1, 63], {}, 9),
    presence: output([1, 1], { 0: 1 }),
    side: output([1, 1], { 0: side }),
  };
  expect(heads['hand-landmarks'](outputs, spec)[0]?.classId).toBe(classId);
});
