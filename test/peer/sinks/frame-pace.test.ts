import { describe, expect, it } from 'vitest';
import { FramePace } from '../../../peer/sinks/frame-pace.ts';

function passed(pace: FramePace, times: readonly number[]): number[] {
  return times.filter((now) => {
    const isDue = pace.isDue(now);
    if (isDue) pace.pass(now);
    return isDue;
  });
}

const camera = (fps: number, seconds: number) =>
  Array.from({ length: fps * seconds }, (_, index) => (index * 1000) / fps + (index % 3));

describe('FramePace', () => {
  it('lets all through where no rate is wanted', () => {
    expect(passed(new FramePace(undefined), [0, 0, 1, 2])).toHaveLength(4);
  });

  it.each([1, 5, 10, 15, 25])('lets %i of 30 frames a second through, on average', (fps) => {
    const count = passed(new FramePace(fps), camera(30, 10)).length;
    expect(count).toBeGreaterThanOrEqual(fps * 10 * 0.95);
    expect(count).toBeLessThanOrEqual(fps * 10 + 1);
  });

  it('does not make up for a pause', () => {
    const pace = new FramePace(10);
    passed(pace, camera(30, 1));
    expect(passed(pace, [5000, 5010, 5020, 5030, 5040])).toEqual([5000]);
  });
});
