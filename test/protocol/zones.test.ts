import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SightlineError } from '../../protocol/errors.ts';
import type { Point } from '../../protocol/polygon.ts';
import { parseZones } from '../../protocol/zones.ts';

const at = (...places: [number, number][]): Point[] => places.map(([x, y]) => ({ x, y }));
const square = at([0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]);
const polygon = (points: readonly Point[], more: object = {}) => ({
  id: 'a',
  kind: 'polygon',
  points,
  ...more,
});
const line = { id: 'l', kind: 'line', from: { x: 0.5, y: 1 }, to: { x: 0.5, y: 0 } };

function fault(input: unknown): SightlineError | undefined {
  try {
    parseZones(input);
  } catch (error) {
    if (error instanceof SightlineError) return error;
    throw error;
  }
  return undefined;
}

describe('parseZones()', () => {
  it('gives polygons and lines back as they were, and none for none', () => {
    const zones = [polygon(square, { classes: ['person'], dwellSeconds: 5 }), line];
    expect(parseZones(zones)).toEqual(zones);
    expect(parseZones([])).toEqual([]);
  });

  it('takes corners half a frame outside, either way round, and a polygon that is not convex', () => {
    const wide = at([-0.5, -0.5], [1.5, -0.5], [0.5, 0.5], [1.5, 1.5], [-0.5, 1.5]);
    expect(fault([polygon(wide), polygon(wide.toReversed(), { id: 'b' })])).toBeUndefined();
  });

  it('takes edges that lie on one line, apart', () => {
    const notched = at([0, 0], [0.3, 0], [0.3, 0.5], [0.6, 0.5], [0.6, 0], [1, 0], [1, 1], [0, 1]);
    const across = notched.map(({ x, y }) => ({ x: y, y: x }));
    expect(fault([polygon(notched), polygon(across, { id: 'b' })])).toBeUndefined();
  });

  it('takes 32 zones with 64 corners each', () => {
    const round = Array.from({ length: 64 }, (_, i) => ({
      x: 0.5 + 0.4 * Math.cos((i * Math.PI) / 32),
      y: 0.5 + 0.4 * Math.sin((i * Math.PI) / 32),
    }));
    const zones = Array.from({ length: 32 }, (_, i) => polygon(round, { id: `zone ${i}` }));
    expect(parseZones(zones)).toHaveLength(32);
  });

  it.each([
    ['what is no list', {}, 'zones: '],
    ['33 zones', Array.from({ length: 33 }, (_, i) => ({ ...line, id: `${i}` })), '<=32'],
    ['another kind', [{ ...line, kind: 'circle' }], '[0].kind'],
    ['a field that is not one', [{ ...line, colour: 'red' }], 'colour'],
    ['an empty id', [{ ...line, id: '' }], '[0].id'],
    ['an id twice', [line, polygon(square), line], '[2] "l": expected an id of its own'],
    ['two corners', [polygon(square.slice(0, 2))], '[0].points'],
    ['65 corners', [polygon(Array(65).fill({ x: 0, y: 0 }))], '[0].points'],
    ['NaN', [{ ...line, to: { x: Number.NaN, y: 0 } }], '[0].to.x'],
    ['a place too far outside', [{ ...line, to: { x: 0, y: 1.51 } }], '[0].to.y'],
    ['pixels', [polygon(at([10, 10], [200, 10], [10, 200]))], '[0].points[0].x'],
    ['a dwell of nothing', [polygon(square, { dwellSeconds: 0 })], '[0].dwellSeconds'],
    ['a dwell of a line', [{ ...line, dwellSeconds: 3 }], 'dwellSeconds'],
    ['no classes', [{ ...line, classes: [] }], '[0].classes'],
    ['a line without length', [{ ...line, to: line.from }], '[0] "l": expected a length'],
    ['a bow tie', [polygon(at([0, 0], [1, 1], [1, 0], [0, 1]))], 'points 0 and 2'],
    ['a corner on an edge', [polygon(at([0, 0], [1, 0], [1, 1], [0.5, 0], [0, 1]))], 'points 0 and 2'],
    ['the first corner again at the end', [polygon([...square, ...square.slice(0, 1)])], 'points 0 and 3'],
    ['a spike', [polygon(at([0, 0], [1, 0], [1, 1], [1, 0.5], [0, 1]))], 'points 1 and 3'],
    ['all corners on one line', [polygon(at([0, 0], [0.5, 0.5], [1, 1]))], 'expected an area'],
    ['hardly any area', [polygon(at([0, 0], [1, 0], [0.5, 1e-6]))], 'expected an area'],
  ])('refuses %s, and says where', (_, input, named) => {
    const { code, message } = fault(input) ?? expect.fail('Expected parseZones() to refuse it');
    expect(code).toBe('zone-invalid');
    expect(message).toContain('Cannot set the zones: ');
    expect(message).toContain(named);
  });

  it('names three faults of many and counts the others', () => {
    expect(fault(Array(10).fill({ ...line, id: '' }))?.message).toMatch(/^[^;]*;[^;]*;[^;]*; and 7 more$/);
  });

  it('takes every polygon that goes round its middle, and none with two of its corners exchanged', () => {
    const angles = fc
      .uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 4, maxLength: 24 })
      .map((steps) => steps.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(angles, fc.nat(), (steps, turn) => {
        const round = steps.map((step) => ({
          x: 0.5 + Math.cos((step * Math.PI) / 12) / 2,
          y: 0.5 + Math.sin((step * Math.PI) / 12) / 2,
        }));
        expect(fault([polygon(round)])).toBeUndefined();
        const first = turn % round.length;
        const turned = [...round.slice(first), ...round.slice(0, first)];
        const [a, b, ...rest] = turned as [Point, Point, ...Point[]];
        expect(fault([polygon([b, a, ...rest])])?.message).toContain('cross');
      }),
    );
  });

  it('takes or refuses a polygon whichever corner is first and whichever way round', () => {
    const coordinate = fc.nat(8).map((step) => step / 8);
    const corners = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 3, maxLength: 6 });
    let taken = 0;
    fc.assert(
      fc.property(corners, fc.nat(5), (points, turn) => {
        const isTaken = fault([polygon(points)]) === undefined;
        taken += Number(isTaken);
        const turned = [...points.slice(turn), ...points.slice(0, turn)];
        const across = points.map(({ x, y }) => ({ x: y, y: x }));
        for (const same of [turned, points.toReversed(), across]) {
          expect(fault([polygon(same)]) === undefined).toBe(isTaken);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
    expect(taken).toBeGreaterThan(50);
    expect(taken).toBeLessThan(450);
  });

  it('takes or refuses anything, and throws nothing else', () => {
    const coordinate = fc.oneof(fc.double({ min: -1, max: 2 }), fc.double());
    const point = fc.record({ x: coordinate, y: coordinate });
    const near = fc.record(
      {
        id: fc.string(),
        kind: fc.constantFrom('polygon', 'line', 'x'),
        points: fc.array(point),
        from: point,
        to: point,
        dwellSeconds: coordinate,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(near), fc.anything()), (input) => {
        const refused = fault(input);
        expect(refused === undefined || refused.code === 'zone-invalid').toBe(true);
      }),
    );
  });
});
