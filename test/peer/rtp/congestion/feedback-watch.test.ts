import { describe, expect, it } from 'vitest';
import { FeedbackWatch } from '../../../../peer/rtp/congestion/feedback-watch.ts';
import { RembEstimator } from '../../../../peer/rtp/congestion/remb-estimator.ts';

describe('FeedbackWatch', () => {
  it('misses reports once media has gone out for five seconds without one', () => {
    const watch = new FeedbackWatch();
    for (let now = 0; now < 5000; now += 100) {
      watch.onSent(now);
      expect(watch.missing(now)).toBe(false);
    }
    expect(watch.missing(5000)).toBe(true);
  });

  it('misses nothing where nothing is sent, and nothing more after a report', () => {
    const watch = new FeedbackWatch();
    expect(watch.missing(60_000)).toBe(false);
    watch.onSent(60_000);
    expect(watch.missing(66_000)).toBe(true);
    watch.onFeedback();
    expect(watch.missing(66_000)).toBe(false);
    watch.onSent(67_000);
    expect(watch.missing(71_999)).toBe(false);
  });
});

describe('RembEstimator', () => {
  it('falls to its floor while nobody reports, and stays there', () => {
    const estimate = new RembEstimator({ max: 2_500_000 });
    estimate.onRemb(2_500_000, 0);
    for (let now = 0; now <= 20_000; now += 50) estimate.tick(now);
    expect(estimate.targetBitrate).toBe(60_000);
  });
});
