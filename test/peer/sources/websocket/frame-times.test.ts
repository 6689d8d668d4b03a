import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameTimes } from '../../../../peer/sources/websocket/frame-times.ts';

const NOW = 1_764_000_000_000;

describe('FrameTimes', () => {
  it('counts 90 ticks for each millisecond between two captures, over the end of 32 bits as well', () => {
    const times = new FrameTimes();
    const first = times.add({ sequence: 0, captureTime: NOW }, NOW + 5);
    for (let step = 1; step < 20_000; step++) {
      const timestamp = times.add({ sequence: step, captureTime: NOW + step * 9_000 }, NOW + 5);
      expect(timestamp).toBe((first + step * 9_000 * 90) % 2 ** 32);
    }
  });

  it('never gives the same timestamp to two frames, whatever their senders say', () => {
    const anyTime = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 4e12, noNaN: true }));
    fc.assert(
      fc.property(fc.array(anyTime, { minLength: 2, maxLength: 50 }), (captures) => {
        const times = new FrameTimes();
        const stamps = captures.map((captureTime, sequence) => times.add({ sequence, captureTime }, NOW));
        expect(new Set(stamps).size).toBe(stamps.length);
        for (const stamp of stamps)
          expect(stamp).toSatisfy((value: number) => Number.isInteger(value) && value >= 0);
      }),
    );
  });

  it('takes the time of arrival where the sender says none, and remembers the frame', () => {
    const times = new FrameTimes();
    const timestamp = times.add({ sequence: 4, captureTime: 0 }, NOW);
    expect(times.find(timestamp)).toEqual({ sequence: 4, captureTime: NOW });
    expect(times.find(timestamp + 1)).toBeUndefined();
  });

  it('forgets the oldest', () => {
    const times = new FrameTimes();
    const stamps = Array.from({ length: 300 }, (_, sequence) =>
      times.add({ sequence, captureTime: NOW + sequence }, NOW),
    );
    expect(stamps.filter((stamp) => times.find(stamp)).length).toBe(256);
    expect(times.find(stamps.at(-1) ?? 0)?.sequence).toBe(299);
  });
});
