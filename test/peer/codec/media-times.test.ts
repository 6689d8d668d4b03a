import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MediaPace } from '../../../peer/codec/media-pace.ts';
import { MediaTimes, toTimestamp90k } from '../../../peer/codec/media-times.ts';

describe('MediaTimes', () => {
  it('begins at the origin, or at the first picture where there is none', () => {
    const known = new MediaTimes(10, 0.04);
    expect([known.picture(10.08), known.beside(10.5)]).toEqual([expect.closeTo(0.08), 0.5]);
    const unknown = new MediaTimes(undefined, 0.04);
    expect(unknown.beside(1)).toBeUndefined();
    expect([unknown.picture(1000), unknown.picture(1000.04)]).toEqual([0, expect.closeTo(0.04)]);
  });

  it('tells its beginning as what it is told', () => {
    const times = new MediaTimes(10, 0.04, 7);
    expect([times.picture(10.5), times.beside(12), times.picture(undefined)]).toEqual([7.5, 9, 7.54]);
  });

  it('goes on in the given interval where a picture has no time, and where the clock was set back', () => {
    const times = new MediaTimes(0, 0.04);
    expect([0, undefined, 0.08].map((time) => times.picture(time))).toEqual([0, 0.04, 0.08]);
    times.picture(60);
    expect(times.picture(0)).toBeCloseTo(60.04);
    expect(times.picture(0.04)).toBeCloseTo(60.08);
  });

  it('always grows by a tick of 90 kHz or more, whatever a container says', () => {
    const time = fc.option(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(time, { minLength: 2, maxLength: 40 }), (list) => {
        const times = new MediaTimes(undefined, 0.04);
        const made = list.map((value) => times.picture(value));
        for (const [index, seconds] of made.entries()) {
          expect(seconds).toBeGreaterThanOrEqual(0);
          if (index > 0) expect(seconds).toBeGreaterThan(made[index - 1] ?? 0);
        }
      }),
    );
  });

  it('toTimestamp90k() wraps at 32 bits', () => {
    expect(toTimestamp90k(1.5)).toBe(135_000);
    expect(toTimestamp90k(2 ** 32 / 90_000 + 1)).toBe(90_000);
  });
});

describe('MediaPace', () => {
  it('plays at the speed at which it was taken, however late it is asked', () => {
    const pace = new MediaPace();
    expect(pace.delayMs(5, 1000)).toBe(0);
    expect(pace.delayMs(5.04, 1010)).toBeCloseTo(30);
    expect(pace.delayMs(5.08, 1100)).toBe(0);
    expect(pace.delayMs(5.12, 1100)).toBeCloseTo(20);
  });

  it('makes nothing up for after a pause', () => {
    const pace = new MediaPace();
    pace.delayMs(0, 0);
    expect(pace.delayMs(0.04, 60_000)).toBe(0);
    expect(pace.delayMs(0.08, 60_000)).toBeCloseTo(40);
  });
});
