import { describe, expect, it } from 'vitest';
import { DelayEstimator } from '../../../../peer/rtp/congestion/delay-estimator.ts';
import { PacketGroups } from '../../../../peer/rtp/congestion/packet-groups.ts';
import { QueueMeter } from '../../../../peer/rtp/congestion/queue-meter.ts';
import { seededRandom } from '../packets.ts';

describe('PacketGroups', () => {
  it('push() compares the last packets of groups sent 5 ms apart', () => {
    const groups = new PacketGroups();
    const packets = [
      [0, 50],
      [4, 54],
      [20, 71],
      [23, 76],
      [40, 93],
    ] as const;
    const deltas = packets.map(([sentMs, arrivalMs]) => groups.push({ sentMs, arrivalMs }));
    expect(deltas).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      { sentMs: 19, arrivedMs: 22, arrivalMs: 76 },
    ]);
  });

  it('push() takes packets that were held up and arrive at once for one group', () => {
    const groups = new PacketGroups();
    for (const sentMs of [0, 10, 20, 30]) {
      expect(groups.push({ sentMs, arrivalMs: 100 + sentMs / 10 })).toBeUndefined();
    }
  });

  it('push() does not wait for a large frame on a link that has become slow', () => {
    const groups = new PacketGroups();
    const deltas = Array.from({ length: 10 }, (_, index) =>
      groups.push({ sentMs: 0, arrivalMs: 30 * index }),
    );
    expect(deltas.find((delta) => delta !== undefined)).toEqual({ sentMs: 0, arrivedMs: 60, arrivalMs: 90 });
  });

  it('push() ignores what a whole group has overtaken', () => {
    const groups = new PacketGroups();
    groups.push({ sentMs: 0, arrivalMs: 50 });
    groups.push({ sentMs: 20, arrivalMs: 70 });
    expect(groups.push({ sentMs: 1, arrivalMs: 400 })).toBeUndefined();
    expect(groups.push({ sentMs: 40, arrivalMs: 90 })).toEqual({ sentMs: 20, arrivedMs: 20, arrivalMs: 70 });
  });
});

/** Packets each 20 ms whose delay changes by `slope` a millisecond, with noise. */
function usagesAt(slope: number, noiseMs: number): Set<string> {
  const random = seededRandom(4);
  const estimator = new DelayEstimator();
  const usages = new Set<string>();
  for (let sentMs = 0; sentMs < 10_000; sentMs += 20) {
    estimator.push({ sentMs, arrivalMs: 1000 + sentMs * (1 + slope) + noiseMs * random() });
    usages.add(estimator.usage);
  }
  return usages;
}

describe('DelayEstimator', () => {
  it.each([
    ['normal on a steady path', 0, 0, ['normal']],
    ['normal with noise', 0, 20, ['normal']],
    ['overusing while the queue grows', 0.1, 0, ['normal', 'overusing']],
    ['underusing while it drains', -0.1, 0, ['normal', 'underusing']],
    ['overusing under noise too', 0.2, 10, ['normal', 'overusing']],
  ])('usage is %s', (_, slope, noiseMs, usages) => {
    expect([...usagesAt(slope, noiseMs)]).toEqual(usages);
  });
});

describe('QueueMeter', () => {
  it('delayMs is what a packet took longer than the quickest, whatever the clocks say', () => {
    const meter = new QueueMeter();
    meter.push({ sentMs: 5000, arrivalMs: 0 }, 5000);
    meter.push({ sentMs: 5010, arrivalMs: 160 }, 5010);
    expect([meter.delayMs, meter.queued]).toEqual([150, true]);
    meter.push({ sentMs: 5020, arrivalMs: 70 }, 5020);
    expect([meter.delayMs, meter.queued]).toEqual([50, false]);
  });

  it('push() ignores what was overtaken: a retransmission under the old number', () => {
    const meter = new QueueMeter();
    meter.push({ sentMs: 100, arrivalMs: 150 }, 200);
    meter.push({ sentMs: 0, arrivalMs: 400 }, 450);
    expect(meter.queued).toBe(false);
  });

  it('takeStanding() tells once a second of a queue that stays, and not for ever', () => {
    const meter = new QueueMeter();
    meter.push({ sentMs: 0, arrivalMs: 0 }, 0);
    const told: number[] = [];
    for (let now = 100; now <= 10_000; now += 100) {
      meter.push({ sentMs: now, arrivalMs: now + 300 }, now);
      if (meter.takeStanding(now)) told.push(now);
    }
    expect(told).toEqual([1100, 2100, 3100, 4100, 5100]);
    expect(meter.delayMs).toBe(0);
  });
});
