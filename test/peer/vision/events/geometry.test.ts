import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crossingOf,
  distanceToEdges,
  distanceToSegment,
  isWithin,
} from '../../../../peer/vision/events/geometry.ts';
import type { Point } from '../../../../protocol/polygon.ts';

/** A coarse grid, so that places lie on lines and on corners; its steps are exact in binary. */
const coordinate = fc.integer({ min: -4, max: 12 }).map((step) => step / 8);
const place = fc.record({ x: coordinate, y: coordinate });
const anywhere = fc.record({
  x: fc.double({ min: -1, max: 2, noNaN: true }),
  y: fc.double({ min: -1, max: 2, noNaN: true }),
});

/** How often a polygon goes round a point, by the angles under which its edges are seen. */
function windingNumber(points: readonly Point[], { x, y }: Point): number {
  let angle = 0;
  for (const [i, a] of points.entries()) {
    const b = points[(i + 1) % points.length] as Point;
    const step = Math.atan2(b.y - y, b.x - x) - Math.atan2(a.y - y, a.x - x);
    angle += step - 2 * Math.PI * Math.round(step / (2 * Math.PI));
  }
  return Math.round(angle / (2 * Math.PI));
}

describe('isWithin()', () => {
  it('agrees with the winding number wherever a point is not on an edge', () => {
    let within = 0;
    fc.assert(
      fc.property(fc.array(place, { minLength: 3, maxLength: 12 }), anywhere, (points, point) => {
        fc.pre(distanceToEdges(points, point) > 1e-9);
        const isOdd = Math.abs(windingNumber(points, point)) % 2 === 1;
        within += Number(isOdd);
        expect(isWithin(points, point)).toBe(isOdd);
      }),
      { numRuns: 1000, seed: 5 },
    );
    expect(within).toBeGreaterThan(50);
  });
});

describe('distanceToSegment()', () => {
  it('is the least distance to any point between the ends', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, point) => {
        const samples = Array.from({ length: 201 }, (_, i) =>
          Math.hypot(a.x + (i / 200) * (b.x - a.x) - point.x, a.y + (i / 200) * (b.y - a.y) - point.y),
        );
        const distance = distanceToSegment(a, b, point);
        const least = Math.min(...samples);
        expect(distance).toBeLessThanOrEqual(least + 1e-12);
        // Samples lie at most length / 200 apart.
        expect(distance).toBeGreaterThanOrEqual(least - Math.hypot(b.x - a.x, b.y - a.y) / 400 - 1e-12);
      }),
    );
  });
});

describe('crossingOf()', () => {
  const [bottom, top] = [
    { x: 0.5, y: 1 },
    { x: 0.5, y: 0 },
  ];

  it.each([
    { what: 'from left to right', before: [0.4, 0.5], after: [0.6, 0.5], is: 1 },
    { what: 'from right to left', before: [0.6, 0.5], after: [0.4, 0.5], is: -1 },
    { what: 'over the whole frame in one step', before: [0, 0], after: [1, 1], is: 1 },
    { what: 'through an end', before: [0.25, 1.25], after: [0.75, 0.75], is: 1 },
    { what: 'past an end', before: [0.4, 1.1], after: [0.6, 1.1], is: 0 },
    { what: 'up to it', before: [0.3, 0.5], after: [0.4, 0.5], is: 0 },
    { what: 'along it', before: [0.5, 0.2], after: [0.5, 0.8], is: 0 },
    { what: 'nowhere', before: [0.4, 0.5], after: [0.4, 0.5], is: 0 },
  ])('of a line from the bottom to the top says $is of a way $what', ({ before, after, is }) => {
    const [x, y, toX, toY] = [...before, ...after] as [number, number, number, number];
    expect(crossingOf(bottom, top, { x, y }, { x: toX, y: toY })).toBe(is);
  });

  it('turns with the line and with the way', () => {
    let crossed = 0;
    fc.assert(
      fc.property(place, place, place, place, (from, to, before, after) => {
        fc.pre(from.x !== to.x || from.y !== to.y);
        const crossing = crossingOf(from, to, before, after);
        crossed += Math.abs(crossing);
        // + 0, as -0 is not 0.
        expect(crossingOf(to, from, before, after)).toBe(-crossing + 0);
        expect(crossingOf(from, to, after, before)).toBe(-crossing + 0);
      }),
      { numRuns: 1000, seed: 9 },
    );
    expect(crossed).toBeGreaterThan(50);
  });

  it('adds up to the same over a way in steps as over its chord, on a line that has no end in sight', () => {
    const [from, to] = [
      { x: -50, y: 100 },
      { x: 51, y: -99 },
    ];
    fc.assert(
      fc.property(fc.array(place, { minLength: 2, maxLength: 20 }), (way) => {
        const steps = way.slice(1).map((after, i) => crossingOf(from, to, way[i] as Point, after) as number);
        const sum = steps.reduce((a, b) => a + b, 0);
        expect(sum).toBe(crossingOf(from, to, way[0] as Point, way.at(-1) as Point));
      }),
    );
  });
});
