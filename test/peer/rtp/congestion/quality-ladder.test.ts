import { describe, expect, it } from 'vitest';
import { type Quality, QualityLadder } from '../../../../peer/rtp/congestion/quality-ladder.ts';

const source = { width: 640, height: 480, frameRate: 30 };

/** The last of what it says over so many milliseconds at one target. */
function settle(ladder: QualityLadder, target: number, from: number, forMs: number): Quality {
  let quality = ladder.update(target, source, from);
  for (let now = from; now <= from + forMs; now += 33) quality = ladder.update(target, source, now);
  return quality;
}

describe('QualityLadder', () => {
  it.each([
    [3_000_000, 1_843_200, 1, 1],
    [1_000_000, 1_000_000, 1, 1],
    [350_000, 350_000, 1, 1],
    [250_000, 250_000, 2, 1],
    [120_000, 120_000, 2, 0.75],
    [55_000, 55_000, 2, 0.5],
    [40_000, 40_000, 3, 0.5],
    [10_000, 10_000, 3, 1 / 3],
  ] as const)(
    'update() makes of %d bit/s for H.264: %d bit/s, 1/%d of the frames, scale %d',
    (target, bitrate, frameRateDivisor, scale) => {
      const quality = settle(new QualityLadder('H264'), target, 0, 2000);
      expect(quality).toEqual({ bitrate, frameRateDivisor, scale });
    },
  );

  it('update() keeps all frames with fewer bits for VP8', () => {
    expect(settle(new QualityLadder('VP8'), 300_000, 0, 2000).frameRateDivisor).toBe(1);
    expect(settle(new QualityLadder('H264'), 300_000, 0, 2000).frameRateDivisor).toBe(2);
  });

  it('update() follows the bitrate at once, and gives up frames only after a second and a half', () => {
    const ladder = new QualityLadder('H264');
    settle(ladder, 1_000_000, 0, 1000);
    expect(settle(ladder, 300_000, 1000, 1400)).toEqual({ bitrate: 300_000, frameRateDivisor: 1, scale: 1 });
    expect(settle(ladder, 300_000, 2433, 200).frameRateDivisor).toBe(2);
  });

  it('update() does not wait where there are far too few bits', () => {
    const ladder = new QualityLadder('H264');
    settle(ladder, 1_000_000, 0, 1000);
    expect(ladder.update(100_000, source, 1033).scale).toBeLessThan(1);
  });

  it('update() climbs with a margin, after two seconds of evidence and of rest', () => {
    const ladder = new QualityLadder('H264');
    settle(ladder, 300_000, 0, 2000);
    expect(settle(ladder, 350_000, 2033, 10_000).frameRateDivisor).toBe(2);
    expect(settle(ladder, 470_000, 12_066, 1900).frameRateDivisor).toBe(2);
    expect(settle(ladder, 470_000, 13_999, 200).frameRateDivisor).toBe(1);
  });

  it('update() does not flicker while the target swings about a threshold', () => {
    const ladder = new QualityLadder('H264');
    let changes = 0;
    let before = 1;
    for (let now = 0; now < 60_000; now += 33) {
      const target = 323_000 * (1 + 0.2 * Math.sin(now / 1500));
      const { frameRateDivisor } = ladder.update(target, source, now);
      if (frameRateDivisor !== before) changes += 1;
      before = frameRateDivisor;
    }
    expect(changes).toBe(1);
  });
});
