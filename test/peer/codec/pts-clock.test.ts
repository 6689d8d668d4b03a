import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PtsClock } from '../../../peer/codec/pts-clock.ts';

describe('PtsClock', () => {
  it('goes on over the 32-bit wrap', () => {
    const clock = new PtsClock();
    const times = [0xffff_f000, 0xffff_fbb8, 0x0000_0770].map((timestamp) => clock.next(timestamp));
    expect(times).toEqual([0n, 3000n, 6000n]);
  });

  it.each([
    ['the same timestamp again', [5000, 5000], 1n],
    ['a timestamp that goes back', [5000, 2000], 1n],
    ['a jump of an hour', [0, 3600 * 90_000], 90_000n],
  ])('counts %s as a small step', (_, timestamps, expected) => {
    const clock = new PtsClock();
    expect(timestamps.map((timestamp) => clock.next(timestamp)).at(-1)).toBe(expected);
  });

  it('always grows, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 2 }), (timestamps) => {
        const clock = new PtsClock();
        const times = timestamps.map((timestamp) => clock.next(timestamp));
        return times.every((time, i) => i === 0 || time > (times[i - 1] ?? time));
      }),
    );
  });
});
