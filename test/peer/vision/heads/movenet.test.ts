import { describe, expect, it } from 'vitest';
import { heads } from '../../../../peer/vision/heads/index.ts';
import { output } from './outputs.ts';

const spec = {
  input: { width: 200, height: 100 },
  outputs: [{ name: 'keypoints' }],
  labels: ['person'],
  threshold: 0.3,
};

/** All points at (0.5, 0.5) with the score given, but for the values given by index. */
function pose(score: number, values: Record<number, number> = {}) {
  const scores = Object.fromEntries(Array.from({ length: 17 }, (_, point) => [point * 3 + 2, score]));
  return { keypoints: output([1, 1, 17, 3], { ...scores, ...values }, 0.5) };
}

describe('movenet()', () => {
  it('movenet() takes y before x, and boxes the points that can be seen', () => {
    // The nose at (0.25, 0.5), the left eye at (0.75, 0.75), the right eye out of sight at (0, 0).
    const [person] = heads.movenet(pose(0.5, { 1: 0.25, 3: 0.75, 4: 0.75, 6: 0, 7: 0, 8: 0.125 }), spec);
    expect(person?.keypoints?.slice(0, 3)).toEqual([
      { x: 50, y: 50, score: 0.5 },
      { x: 150, y: 75, score: 0.5 },
      { x: 0, y: 0, score: 0.125 },
    ]);
    expect(person?.keypoints).toHaveLength(17);
    expect(person?.box).toEqual({ x: 50, y: 50, width: 100, height: 25 });
  });

  it('movenet() judges by the nine surest points: a webcam shows half of a person', () => {
    const legsHidden = Object.fromEntries(Array.from({ length: 8 }, (_, point) => [(16 - point) * 3 + 2, 0]));
    expect(heads.movenet(pose(0.5, legsHidden), spec)[0]?.score).toBeCloseTo(0.5, 6);
    const oneMore = { ...legsHidden, 2: 0 };
    expect(heads.movenet(pose(0.5, oneMore), spec)[0]?.score).toBeCloseTo((8 * 0.5) / 9, 6);
  });

  it('movenet() gives nobody below the threshold', () => {
    expect(heads.movenet(pose(0.25), spec)).toEqual([]);
  });

  it('movenet() counts a pose that holds what is no number', () => {
    const tally = { malformed: 0 };
    expect(heads.movenet(pose(0.9, { 50: Number.NaN }), spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 1 });
  });

  it('movenet() refuses another number of points', () => {
    expect(() => heads.movenet({ keypoints: output([1, 1, 18, 3]) }, spec)).toThrow(
      expect.objectContaining({ code: 'model-contract-mismatch' }),
    );
  });
});
