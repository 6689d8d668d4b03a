import { describe, expect, it } from 'vitest';
import { AcknowledgedBitrate } from '../../../../peer/rtp/congestion/acknowledged-bitrate.ts';
import { LossEstimator } from '../../../../peer/rtp/congestion/loss-estimator.ts';
import type { BandwidthUsage } from '../../../../peer/rtp/congestion/overuse-detector.ts';
import { RateControl } from '../../../../peer/rtp/congestion/rate-control.ts';
import { RembEstimator } from '../../../../peer/rtp/congestion/remb-estimator.ts';

const bounds = { min: 100_000, max: 4_000_000, start: 1_000_000 };

/** Feedback each 100 ms for so long; all that is aimed for arrives, or what the path carries. */
function feed(
  rate: RateControl,
  usage: BandwidthUsage,
  from: number,
  to: number,
  carries = 1e9,
  loss = 0,
): void {
  for (let now = from; now <= to; now += 100) {
    rate.update(
      {
        usage,
        acknowledged: Math.min(rate.bitrate, carries),
        acknowledgedNow: undefined,
        sentNow: undefined,
        roundTripMs: 50,
        loss,
      },
      now,
    );
  }
}

describe('RateControl', () => {
  it('update() grows by half a second on a quiet path, by a third with loss', () => {
    const clean = new RateControl(bounds);
    feed(clean, 'normal', 0, 1000);
    expect(clean.bitrate / bounds.start).toBeCloseTo(1.5, 2);
    const lossy = new RateControl(bounds);
    feed(lossy, 'normal', 0, 1000, 1e9, 0.02);
    expect(lossy.bitrate / bounds.start).toBeCloseTo(1.35, 2);
  });

  it('update() falls to 0.85 of what arrives, then creeps up to the known capacity', () => {
    const rate = new RateControl(bounds);
    feed(rate, 'overusing', 0, 0, 800_000);
    expect(rate.bitrate).toBe(680_000);
    feed(rate, 'normal', 200, 1200);
    // A packet of 1200 bytes each 150 ms, for 1200 ms.
    expect(rate.bitrate - 680_000).toBeCloseTo(76_800, 0);
  });

  it('update() takes the latest arrivals for the capacity at first, and the mean of more soon after', () => {
    const rate = new RateControl(bounds);
    const path = {
      usage: 'overusing',
      acknowledged: 900_000,
      acknowledgedNow: 400_000,
      sentNow: undefined,
      roundTripMs: 50,
      loss: 0,
    } as const;
    rate.update(path, 0);
    expect(rate.bitrate).toBe(340_000);
    rate.update({ ...path, acknowledged: 200_000, acknowledgedNow: 10_000 }, 300);
    expect(rate.bitrate).toBe(340_000);
    // Soon after, little arrives because little was sent: no less than 0.7 of what arrived then counts.
    rate.update({ ...path, acknowledged: 200_000, acknowledgedNow: 10_000 }, 400);
    expect(rate.bitrate).toBe(0.85 * 0.7 * 400_000);
  });

  it('update() takes the share that gets through where the encoder used less than it had', () => {
    const rate = new RateControl(bounds);
    const path = { usage: 'overusing', acknowledged: 800_000, roundTripMs: 50, loss: 0 } as const;
    rate.update({ ...path, acknowledgedNow: 800_000, sentNow: 820_000 }, 0);
    expect(rate.bitrate / (0.85 * bounds.start)).toBeCloseTo(800 / 820, 2);
  });

  it('update() leaps again once more arrives than the known capacity', () => {
    const rate = new RateControl(bounds);
    feed(rate, 'overusing', 0, 0, 300_000);
    feed(rate, 'normal', 100, 12_000);
    expect(rate.bitrate).toBeGreaterThan(0.9 * 4_000_000);
  });

  it('update() holds while the queue drains, and while nothing is known', () => {
    const rate = new RateControl(bounds);
    feed(rate, 'underusing', 0, 2000);
    for (let now = 2100; now < 4000; now += 100) {
      rate.update(
        {
          usage: 'normal',
          acknowledged: undefined,
          acknowledgedNow: undefined,
          sentNow: undefined,
          roundTripMs: 50,
          loss: 0,
        },
        now,
      );
    }
    expect(rate.bitrate).toBe(bounds.start);
  });

  it('update() does not grow far beyond what is proven, and never falls for want of proof', () => {
    const rate = new RateControl(bounds);
    feed(rate, 'normal', 0, 10_000, 800_000);
    expect(rate.bitrate).toBe(1_210_000);
    feed(rate, 'normal', 10_100, 20_000, 200_000);
    expect(rate.bitrate).toBe(1_210_000);
  });

  it.each([
    ['max', 'normal', 4_000_000],
    ['min', 'overusing', 100_000],
  ] as const)('bitrate stops at the %s', (_, usage, end) => {
    const rate = new RateControl(bounds);
    feed(rate, usage, 0, 30_000);
    expect(rate.bitrate).toBe(end);
  });
});

describe('AcknowledgedBitrate', () => {
  it('bitrate is what arrived over the window', () => {
    const acknowledged = new AcknowledgedBitrate(500);
    for (let now = 0; now < 1000; now += 10) acknowledged.push(now, 1000);
    expect(acknowledged.bitrate).toBeCloseTo(800_000, 0);
    for (let now = 1000; now < 1500; now += 10) acknowledged.push(now, 100);
    expect(acknowledged.bitrate).toBeCloseTo(80_000, 0);
  });

  it('bitrate is unknown until enough time is covered, and after a pause', () => {
    const acknowledged = new AcknowledgedBitrate(500);
    expect(acknowledged.bitrate).toBeUndefined();
    acknowledged.push(0, 1000);
    acknowledged.push(50, 1000);
    expect(acknowledged.bitrate).toBeUndefined();
    acknowledged.push(100, 1000);
    expect(acknowledged.bitrate).toBe(160_000);
    acknowledged.push(5000, 1000);
    expect(acknowledged.bitrate).toBeUndefined();
  });
});

/** Reports of 100 packets each 100 ms. */
function lose(share: number, seconds: number): LossEstimator {
  const loss = new LossEstimator();
  for (let now = 0; now <= seconds * 1000; now += 100) {
    loss.onPackets(100 - 100 * share, 100 * share, Math.min(1_000_000, loss.bound), now);
  }
  return loss;
}

describe('LossEstimator', () => {
  it.each([
    ['leaves the rate alone', 0.02, Number.POSITIVE_INFINITY],
    ['holds the rate', 0.1, 1_000_000],
  ])('bound %s at a share of %d lost', (_, share, bound) => {
    expect(lose(share, 20).bound).toBe(bound);
  });

  it('bound falls while much is lost, and goes away when it is over', () => {
    const loss = lose(0.3, 10);
    expect(loss.bound).toBeLessThan(400_000);
    expect(loss.fraction).toBeCloseTo(0.3, 2);
    for (let now = 10_100; now < 40_000; now += 100) loss.onPackets(100, 0, 500_000, now);
    expect(loss.bound).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('RembEstimator', () => {
  const options = { min: 60_000, max: 3_000_000 };

  it('targetBitrate is what REMB allows, within the bounds', () => {
    const estimator = new RembEstimator(options);
    expect(estimator.targetBitrate).toBe(1_000_000);
    const targets = [2_000_000, 9e9, 10].map((remb, index) => {
      estimator.onRemb(remb, index * 1000);
      return estimator.targetBitrate;
    });
    expect(targets).toEqual([2_000_000, 3_000_000, 60_000]);
  });

  it('onReceiverReport() lowers it below REMB while much is lost, and gives it back', () => {
    const estimator = new RembEstimator(options);
    estimator.onRemb(2_000_000, 0);
    for (let second = 1; second <= 10; second += 1) estimator.onReceiverReport(0.3, second * 1000);
    expect(estimator.targetBitrate).toBeLessThan(1_000_000);
    for (let second = 11; second <= 40; second += 1) estimator.onReceiverReport(0, second * 1000);
    expect(estimator.targetBitrate).toBe(2_000_000);
  });

  it('onReceiverReport() alone lets it grow slowly', () => {
    const estimator = new RembEstimator(options);
    for (let second = 0; second <= 10; second += 1) estimator.onReceiverReport(0, second * 1000);
    expect(estimator.targetBitrate).toBe(Math.round(1_000_000 * 1.08 ** 10));
  });

  it('tick() halves it each second once nothing is heard', () => {
    const estimator = new RembEstimator(options);
    estimator.onRemb(1_600_000, 0);
    const targets = [2999, 3000, 3999, 4000, 5000].map((now) => {
      estimator.tick(now);
      return estimator.targetBitrate;
    });
    expect(targets).toEqual([1_600_000, 800_000, 800_000, 400_000, 200_000]);
    estimator.onReceiverReport(0, 6000);
    expect(estimator.targetBitrate).toBe(1_600_000);
  });
});
