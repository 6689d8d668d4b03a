import { describe, expect, it } from 'vitest';
import { heads } from '../../../../peer/vision/heads/index.ts';

const spec = {
  input: { width: 512, height: 512 },
  outputs: [{ name: 'detections' }],
  labels: ['person', 'bicycle'],
  threshold: 0.3,
};

const output = (...rows: number[][]) => ({
  detections: { data: Float32Array.from(rows.flat()), dims: [1, rows.length, 6] },
});

describe('centernet()', () => {
  it('centernet() reads corners, score and class', () => {
    expect(heads.centernet(output([10, 20, 110, 220, 0.75, 1], [0, 0, 9, 9, 0.25, 0]), spec)).toEqual([
      { box: { x: 10, y: 20, width: 100, height: 200 }, classId: 1, score: 0.75 },
    ]);
  });

  it('centernet() suppresses twins of one class and keeps another class', () => {
    const rows = [
      [0, 0, 100, 100, 0.75, 0],
      [2, 2, 102, 102, 0.5, 0],
      [2, 2, 102, 102, 0.5, 1],
    ];
    expect(heads.centernet(output(...rows), spec).map(({ classId }) => classId)).toEqual([0, 1]);
  });

  it('centernet() passes over a box that is turned inside out', () => {
    const tally = { malformed: 0 };
    expect(heads.centernet(output([50, 50, 40, 60, 0.9, 0]), spec, tally)).toEqual([]);
    expect(tally).toEqual({ malformed: 0 });
  });

  it.each([
    { what: 'a NaN corner', row: [Number.NaN, 0, 10, 10, 0.9, 0] },
    { what: 'an infinite corner', row: [0, 0, Number.POSITIVE_INFINITY, 10, 0.9, 0] },
    { what: 'a NaN score', row: [0, 0, 10, 10, Number.NaN, 0] },
    { what: 'a class that is not there', row: [0, 0, 10, 10, 0.9, 2] },
    { what: 'half a class', row: [0, 0, 10, 10, 0.9, 0.5] },
    { what: 'a NaN class', row: [0, 0, 10, 10, 0.9, Number.NaN] },
  ])('centernet() counts $what instead of making a box of it', ({ row }) => {
    const tally = { malformed: 0 };
    expect(heads.centernet(output(row, [0, 0, 10, 10, 0.9, 0]), spec, tally)).toHaveLength(1);
    expect(tally).toEqual({ malformed: 1 });
  });

  it('centernet() refuses rows of another width', () => {
    const outputs = { detections: { data: new Float32Array(700), dims: [1, 100, 7] } };
    expect(() => heads.centernet(outputs, spec)).toThrow(
      expect.objectContaining({
        code: 'model-contract-mismatch',
        message: expect.stringContaining('to be [1,any,6], found [1,100,7]'),
      }),
    );
  });
});
