import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '../../../../peer/vision/tracking/assignment.ts';

const table = (...rows: number[][]) => Float64Array.from(rows.flat());

/** Few different weights make many ties; the zeros are pairs that cannot be. */
const weight = fc.oneof(
  fc.constant(0),
  fc.constantFrom(0.25, 0.5, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const problem = (longest: number) =>
  fc.tuple(fc.nat(longest), fc.nat(longest)).chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      weights: fc.array(weight, { minLength: rows * columns, maxLength: rows * columns }),
    }),
  );

/** The largest sum, by trying everything. */
function largestSum(weights: readonly number[], rows: number, columns: number, row = 0, taken = 0): number {
  if (row === rows) return 0;
  let best = largestSum(weights, rows, columns, row + 1, taken);
  for (let column = 0; column < columns; column++) {
    if (taken & (1 << column)) continue;
    const rest = largestSum(weights, rows, columns, row + 1, taken | (1 << column));
    best = Math.max(best, (weights[row * columns + column] ?? 0) + rest);
  }
  return best;
}

function sumOf(columnOf: Int32Array, weights: readonly number[], columns: number): number {
  return columnOf.reduce(
    (sum, column, row) => sum + (column < 0 ? 0 : (weights[row * columns + column] ?? 0)),
    0,
  );
}

describe('assign()', () => {
  it('assign() gives up the best pair where two others together weigh more', () => {
    expect([...assign(table([0.9, 0.8], [0.8, 0]), 2, 2)]).toEqual([1, 0]);
  });

  it('assign() never matches a pair of weight 0', () => {
    expect([...assign(table([0, 0], [0, 0.1]), 2, 2)]).toEqual([-1, 1]);
  });

  it.each([
    { rows: 0, columns: 0 },
    { rows: 0, columns: 3 },
    { rows: 3, columns: 0 },
  ])('assign() finds nothing among $rows rows and $columns columns', ({ rows, columns }) => {
    expect([...assign(new Float64Array(0), rows, columns)]).toEqual(new Array(rows).fill(-1));
  });

  it('assign() leaves rows over where there are fewer columns, and columns where there are fewer rows', () => {
    expect([...assign(table([0.3], [0.7], [0.5]), 3, 1)]).toEqual([-1, 0, -1]);
    expect([...assign(table([0.3, 0.7, 0.5]), 1, 3)]).toEqual([1]);
  });

  it('assign() finds the largest sum there is, and no column twice', () => {
    fc.assert(
      fc.property(problem(6), ({ rows, columns, weights }) => {
        const columnOf = assign(Float64Array.from(weights), rows, columns);
        const matched = [...columnOf].filter((column) => column >= 0);
        expect(new Set(matched).size).toBe(matched.length);
        expect(sumOf(columnOf, weights, columns)).toBeCloseTo(largestSum(weights, rows, columns), 9);
      }),
      { numRuns: 300 },
    );
  });

  it('assign() leaves no exchange of two rows of a large table that would gain anything', () => {
    fc.assert(
      fc.property(problem(40), ({ rows, columns, weights }) => {
        const columnOf = assign(Float64Array.from(weights), rows, columns);
        const at = (row: number, column: number) => (column < 0 ? 0 : (weights[row * columns + column] ?? 0));
        for (let a = 0; a < rows; a++) {
          for (let b = 0; b < a; b++) {
            const [forA, forB] = [columnOf[a] ?? -1, columnOf[b] ?? -1];
            expect(at(a, forB) + at(b, forA)).toBeLessThanOrEqual(at(a, forA) + at(b, forB) + 1e-9);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
