import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoxFilter } from '../../../../peer/vision/tracking/box-filter.ts';

const start = { x: 0.2, y: 0.3, width: 0.1, height: 0.2 };
const moved = (dx: number, dy: number) => ({ ...start, x: start.x + dx, y: start.y + dy });

/** A filter that has seen the box move at this speed, in frames a second, at each of these times. */
function follow(speed: { x: number; y: number }, times: readonly number[]): BoxFilter {
  const filter = new BoxFilter(start);
  times.reduce((before, time) => {
    filter.measure(moved(speed.x * time, speed.y * time), time - before);
    return time;
  }, 0);
  return filter;
}

const every = (interval: number, until: number) =>
  Array.from({ length: Math.round(until / interval) }, (_, index) => (index + 1) * interval);

describe('BoxFilter', () => {
  it('BoxFilter gives the first box back as it was', () => {
    const { x, y, width, height } = new BoxFilter(start).after(0.5);
    expect([x, y, width, height].map((side) => side.toFixed(9))).toEqual(
      [start.x, start.y, start.width, start.height].map((side) => side.toFixed(9)),
    );
  });

  it('BoxFilter carries a box at a constant velocity to within a pixel, however results are spaced', () => {
    const speed = fc.double({ min: -0.25, max: 0.25, noNaN: true });
    const intervals = fc.array(fc.double({ min: 0.03, max: 0.2, noNaN: true }), {
      minLength: 10,
      maxLength: 20,
    });
    fc.assert(
      fc.property(speed, speed, intervals, (x, y, gaps) => {
        let now = 0;
        const times = gaps.map((gap) => (now += gap));
        const carried = follow({ x, y }, times).after(0.1);
        const truth = moved(x * (now + 0.1), y * (now + 0.1));
        expect(Math.abs(carried.x - truth.x) * 640).toBeLessThan(1);
        expect(Math.abs(carried.y - truth.y) * 480).toBeLessThan(1);
      }),
    );
  });

  it('BoxFilter learns the same velocity from 5 results a second as from 30', () => {
    const travelled = [1 / 5, 1 / 30].map((interval) => {
      const filter = follow({ x: 0.2, y: 0 }, every(interval, 2));
      return filter.after(0.2).x - filter.after(0).x;
    });
    expect((travelled[0] ?? 0) / (travelled[1] ?? 0)).toBeCloseTo(1, 1);
  });

  it('BoxFilter lets a velocity that nothing confirms die away', () => {
    const filter = follow({ x: 0.2, y: 0 }, every(0.1, 2));
    const [first, second] = [
      filter.after(0.5).x - filter.after(0).x,
      filter.after(1).x - filter.after(0.5).x,
    ];
    expect(second).toBeGreaterThan(0);
    expect(second / first).toBeLessThan(0.95);
  });

  it('BoxFilter smooths the jitter of a still box', () => {
    const filter = new BoxFilter(start);
    let [raw, smooth] = [0, 0];
    for (let turn = 1; turn <= 100; turn++) {
      const jitter = turn % 2 === 0 ? 0.004 : -0.004;
      filter.measure(moved(jitter, 0), 0.033);
      if (turn < 20) continue;
      raw += Math.abs(jitter);
      smooth += Math.abs(filter.after(0).x - start.x);
    }
    expect(smooth / raw).toBeLessThan(0.7);
  });

  it('BoxFilter believes in a new size the sooner, the longer it has not seen the old one', () => {
    const taken = [1 / 30, 1].map((gap) => {
      const filter = follow({ x: 0, y: 0 }, every(1 / 30, 1));
      filter.measure({ ...start, width: start.width * 2 }, gap);
      return filter.after(0).width / start.width - 1;
    });
    expect(taken[0]).toBeGreaterThan(0.3);
    expect(taken[1]).toBeGreaterThan((taken[0] ?? 1) * 1.2);
  });

  it('BoxFilter treats a large box near and a small box far away alike', () => {
    const small = { x: 0.1, y: 0.1, width: 0.05, height: 0.1 };
    const scaled = (share: number, dx: number) => ({
      x: (small.x + dx) * share,
      y: small.y * share,
      width: small.width * share,
      height: small.height * share,
    });
    const ends = [1, 4].map((share) => {
      const filter = new BoxFilter(scaled(share, 0));
      for (const dx of [0.01, 0.03, 0.04]) filter.measure(scaled(share, dx), 0.1);
      return filter.after(0.1).x / share;
    });
    expect(ends[1]).toBeCloseTo(ends[0] ?? Number.NaN, 9);
  });

  it('BoxFilter never loses its footing: any boxes at any intervals leave numbers and sides > 0', () => {
    const side = fc.double({ min: 1 / 4096, max: 2, noNaN: true });
    const box = fc.record({
      x: fc.double({ min: -2, max: 1, noNaN: true }),
      y: side,
      width: side,
      height: side,
    });
    const gap = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 2, noNaN: true }));
    fc.assert(
      fc.property(box, fc.array(fc.tuple(box, gap), { maxLength: 60 }), (first, others) => {
        const filter = new BoxFilter(first);
        for (const [next, seconds] of others) filter.measure(next, seconds);
        for (const seconds of [-0.5, 0, 0.5]) {
          const { x, y, width, height } = filter.after(seconds);
          expect(Number.isFinite(x + y)).toBe(true);
          expect(Math.min(width, height)).toBeGreaterThan(0);
        }
      }),
    );
  });
});
