import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingClock } from '../../../../peer/sinks/recorder/recording-clock.ts';

describe('RecordingClock', () => {
  it('counts seconds from the first picture on, across the wrap of timestamps', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 0xffff_ffff }),
        fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 40 }),
        (first, steps) => {
          const clock = new RecordingClock();
          expect(clock.picture(first, 0)).toBe(0);
          let ticks = 0;
          for (const step of steps) {
            ticks += step;
            expect(clock.picture((first + ticks) >>> 0, ticks / 90)).toBeCloseTo(ticks / 90_000, 6);
          }
          expect(clock.at((first + ticks + 900) >>> 0)).toBeCloseTo(ticks / 90_000 + 0.01, 6);
          expect(clock.at((first - 900) >>> 0)).toBeCloseTo(-0.01, 6);
        },
      ),
    );
  });

  it('knows of nothing before there is a picture', () => {
    expect(new RecordingClock().at(5)).toBeUndefined();
  });

  it.each([
    ['backwards', 1_000],
    ['far ahead', 400_000_000],
  ])('goes on with the time of day where the stream begins anew %s', (_where, next) => {
    const clock = new RecordingClock();
    clock.picture(180_000_000, 0);
    clock.picture(180_090_000, 1000);
    expect(clock.picture(next, 3000)).toBeCloseTo(3, 6);
    expect(clock.picture(next + 9_000, 3100)).toBeCloseTo(3.1, 6);
    // A result of a picture from before comes late
    expect(clock.at(180_045_000)).toBeCloseTo(0.5, 6);
    expect(clock.at(next + 4_500)).toBeCloseTo(3.05, 6);
  });

  it('takes a film that is read faster than it plays by its own times', () => {
    const clock = new RecordingClock();
    for (let n = 0; n < 500; n++) expect(clock.picture(n * 3600, n)).toBeCloseTo(n * 0.04, 6);
  });
});
