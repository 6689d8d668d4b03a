import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, intersectionOverUnion, nms } from '../../../peer/vision/nms.ts';

const at = (x: number, score: number, classId = 0): Candidate => ({
  box: { x, y: 0, width: 10, height: 10 },
  classId,
  score,
});
const number = fc.double({ min: 0, max: 100, noNaN: true });
const candidate: fc.Arbitrary<Candidate> = fc.record({
  box: fc.record({ x: number, y: number, width: number, height: number }),
  classId: fc.nat(2),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('nms()', () => {
  it('nms() keeps the higher score of two overlapping boxes', () => {
    expect(nms([at(0, 0.6), at(1, 0.9)])).toEqual([at(1, 0.9)]);
  });

  it('nms() keeps overlapping boxes of different classes', () => {
    expect(nms([at(0, 0.6, 1), at(0, 0.9, 0)])).toEqual([at(0, 0.9, 0), at(0, 0.6, 1)]);
  });

  it('nms() keeps a box that only a suppressed one overlapped', () => {
    expect(nms([at(0, 0.9), at(3, 0.8), at(6, 0.7)])).toEqual([at(0, 0.9), at(6, 0.7)]);
  });

  it('nms() leaves equal scores in their order', () => {
    const apart = [at(0, 0.5), at(50, 0.5), at(100, 0.5)];
    expect(nms(apart)).toEqual(apart);
  });

  it('nms() looks only at the best candidates', () => {
    const kept = nms([at(0, 0.1), at(50, 0.3), at(100, 0.2)], { maxCandidates: 2 });
    expect(kept).toEqual([at(50, 0.3), at(100, 0.2)]);
  });

  it('nms() keeps at most a hundred unless told otherwise', () => {
    const apart = Array.from({ length: 300 }, (_, index) => at(index * 20, index / 300));
    expect(nms(apart)).toHaveLength(100);
    expect(nms(apart, { maxOutputs: 7 })).toHaveLength(7);
  });

  it('nms() leaves no two of a class that overlap, and drops none without a better one over it', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 60 }), (candidates) => {
        const kept = nms(candidates);
        const covers = (a: Candidate, b: Candidate) =>
          a.classId === b.classId && intersectionOverUnion(a.box, b.box) > 0.45;
        kept.forEach((one, index) => {
          expect(kept.slice(index + 1).some((other) => covers(one, other))).toBe(false);
          expect(one.score).toBeGreaterThanOrEqual(kept[index + 1]?.score ?? 0);
        });
        for (const dropped of candidates.filter((one) => !kept.includes(one))) {
          expect(kept.some((one) => one.score >= dropped.score && covers(one, dropped))).toBe(true);
        }
      }),
    );
  });

  it('nms() keeps of classes together what it keeps of each alone', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 60 }), (candidates) => {
        const alone = [0, 1, 2].flatMap((classId) =>
          nms(candidates.filter((one) => one.classId === classId)),
        );
        expect(new Set(nms(candidates))).toEqual(new Set(alone));
      }),
    );
  });

  it('nms() keeps the same in whatever order they come, where no two scores are equal', () => {
    const shuffled = fc
      .uniqueArray(candidate, { maxLength: 40, selector: ({ score }) => score })
      .chain((candidates) =>
        fc.tuple(fc.constant(candidates), fc.shuffledSubarray(candidates, { minLength: candidates.length })),
      );
    fc.assert(
      fc.property(shuffled, ([candidates, others]) => {
        expect(nms(others)).toEqual(nms(candidates));
      }),
    );
  });

  it('nms() keeps the same wherever the boxes lie and however large they are', () => {
    // Whole numbers and a power of two, so that no rounding decides
    const whole = fc.integer({ min: 0, max: 64 });
    const box = fc.record({ x: whole, y: whole, width: whole, height: whole });
    const onGrid = fc.array(fc.record({ box, classId: fc.nat(1), score: fc.nat(8) }), { maxLength: 40 });
    fc.assert(
      fc.property(onGrid, whole, fc.constantFrom(0.25, 2, 16), (candidates, shift, factor) => {
        const moved = new Map<Candidate, Candidate>(
          candidates.map((one) => {
            const { x, y, width, height } = one.box;
            const placed = { x: (x - shift) * factor, y: (y + shift) * factor };
            return [{ ...one, box: { ...placed, width: width * factor, height: height * factor } }, one];
          }),
        );
        expect(nms([...moved.keys()]).map((one) => moved.get(one))).toEqual(nms(candidates));
      }),
    );
  });

  it('nms() leaves what it has kept as it is', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 60 }), (candidates) => {
        const kept = nms(candidates);
        expect(nms(kept)).toEqual(kept);
      }),
    );
  });
});

describe('intersectionOverUnion()', () => {
  it.each([
    { a: [0, 0, 2, 2], b: [0, 0, 2, 2], iou: 1 },
    { a: [0, 0, 2, 2], b: [1, 0, 2, 2], iou: 1 / 3 },
    { a: [0, 0, 2, 2], b: [2, 0, 2, 2], iou: 0 },
    { a: [0, 0, 4, 4], b: [1, 1, 2, 2], iou: 1 / 4 },
    { a: [0, 0, 0, 0], b: [0, 0, 0, 0], iou: 0 },
  ])('intersectionOverUnion() of $a and $b is $iou', ({ a, b, iou }) => {
    const box = ([x = 0, y = 0, width = 0, height = 0]: number[]) => ({ x, y, width, height });
    expect(intersectionOverUnion(box(a), box(b))).toBeCloseTo(iou, 12);
    expect(intersectionOverUnion(box(b), box(a))).toBeCloseTo(iou, 12);
  });
});
