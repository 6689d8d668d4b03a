import { describe, expect, it } from 'vitest';
import type { LinkConditions } from './simulated-link.ts';
import { SimulatedStream } from './simulated-stream.ts';

const MBIT = 1_000_000;
const link: LinkConditions = { bitrate: MBIT, queueBytes: 125_000, delayMs: 25, jitterMs: 0, loss: 0 };
const seeds = [1, 2, 3];

describe('BandwidthEstimator over a simulated link', () => {
  it.each(seeds)('converges to 1 Mbit/s and keeps the queue short (seed %d)', (seed) => {
    const stream = new SimulatedStream({ seed, link, max: 3 * MBIT });
    stream.run(20_000);
    expect(stream.throughput(10_000)).toBeGreaterThanOrEqual(0.8 * MBIT);
    expect(stream.target(10_000)).toBeLessThan(1.1 * MBIT);
    expect(stream.longestWait(5000)).toBeLessThan(200);
  });

  it.each(seeds)('follows 3 Mbit/s to 300 kbit/s and back (seed %d)', (seed) => {
    const wide = { ...link, bitrate: 3 * MBIT, queueBytes: 1_000_000 };
    const stream = new SimulatedStream({ seed, link: wide, max: 3 * MBIT });
    stream.run(15_000);
    expect(stream.throughput(3000)).toBeGreaterThanOrEqual(0.85 * 3 * MBIT);
    stream.link.conditions = { ...wide, bitrate: 300_000 };
    stream.run(15_000);
    expect(stream.longestWait(18_000)).toBeLessThan(300);
    expect(stream.throughput(10_000)).toBeGreaterThanOrEqual(0.8 * 300_000);
    stream.link.conditions = wide;
    stream.run(15_000);
    expect(Math.max(...stream.targets.slice(-1500).map(({ bitrate }) => bitrate))).toBeGreaterThan(
      2.7 * MBIT,
    );
    expect(stream.throughput(3000)).toBeGreaterThanOrEqual(0.8 * 3 * MBIT);
  });

  it.each(seeds)('holds with one packet of fifty lost and 50 ms ± 20 ms (seed %d)', (seed) => {
    const lossy = { ...link, delayMs: 50, jitterMs: 20, loss: 0.02 };
    const stream = new SimulatedStream({ seed, link: lossy, max: 3 * MBIT });
    stream.run(60_000);
    expect(stream.throughput(50_000)).toBeGreaterThanOrEqual(0.7 * MBIT);
    expect(stream.longestWait(5000)).toBeLessThan(250);
    const encodedAfterStart = stream.frames.filter((at) => at >= 10_000).length;
    expect(encodedAfterStart / 50).toBeGreaterThanOrEqual(27);
  });

  it.each(seeds)(
    'takes neither jitter that keeps the order nor a busy machine for a queue (seed %d)',
    (seed) => {
      const shaky = { ...link, delayMs: 50, jitterMs: 20, loss: 0.02, inOrder: true, stallMs: 60 };
      const stream = new SimulatedStream({ seed, link: shaky, max: 2.5 * MBIT, encoderMax: 0.6 * MBIT });
      stream.run(60_000);
      expect(stream.throughput(50_000)).toBeGreaterThanOrEqual(0.55 * MBIT);
      expect(stream.longestWait(5000)).toBeLessThan(200);
      expect(stream.frames.filter((at) => at >= 10_000).length / 50).toBeGreaterThanOrEqual(29);
    },
  );

  it.each([
    ['loses everything', { loss: 1 }],
    ['lets nothing through', { bitrate: 0 }],
  ])('comes back after a link %s for two seconds', (_, outage) => {
    for (const seed of seeds) {
      const stream = new SimulatedStream({ seed, link, max: 3 * MBIT });
      stream.run(15_000);
      stream.link.conditions = { ...link, ...outage };
      stream.run(2000);
      expect(stream.target()).toBeLessThan(0.5 * MBIT);
      stream.link.conditions = link;
      stream.run(500);
      expect(stream.throughput(300)).toBeGreaterThan(0);
      stream.run(4500);
      expect(stream.throughput(1000)).toBeGreaterThanOrEqual(0.8 * MBIT);
    }
  });

  it('sends next to nothing while feedback does not come', () => {
    const stream = new SimulatedStream({ seed: 1, link, max: 3 * MBIT });
    stream.run(10_000);
    const before = stream.target();
    stream.feedbackLink.conditions = { ...link, loss: 1 };
    stream.run(1500);
    expect(stream.target()).toBeLessThan(0.6 * before);
    const packets = stream.packetsSent;
    stream.run(5000);
    expect(stream.target()).toBe(60_000);
    expect(stream.packetsSent - packets).toBeGreaterThan(5);
    expect(stream.throughput(5000)).toBeLessThan(120_000);
  });

  it('goes through two wraps of the sequence numbers', () => {
    const fast = { ...link, bitrate: 40 * MBIT, queueBytes: 1_000_000 };
    const stream = new SimulatedStream({ seed: 1, link: fast, max: 20 * MBIT, start: 20 * MBIT });
    stream.run(40_000);
    expect(stream.packetsSent).toBeGreaterThan(66_200);
    expect(stream.throughput(2000)).toBeGreaterThan(18 * MBIT);
  });

  it('takes a longer path for what it is, not for a queue', () => {
    const stream = new SimulatedStream({ seed: 1, link: { ...link, bitrate: 5 * MBIT }, max: 2 * MBIT });
    stream.run(10_000);
    stream.link.conditions = { ...stream.link.conditions, delayMs: 225 };
    stream.run(20_000);
    expect(stream.target(1000)).toBeGreaterThanOrEqual(1.8 * MBIT);
  });

  it('is not brought down by key frames', () => {
    const stream = new SimulatedStream({ seed: 1, link, max: 3 * MBIT, keyframeEveryMs: 3000 });
    stream.run(30_000);
    expect(stream.throughput(20_000)).toBeGreaterThanOrEqual(0.75 * MBIT);
    expect(stream.longestWait(5000)).toBeLessThan(300);
  });

  it('does not outrun by far an encoder that needs little', () => {
    const options = { seed: 1, link: { ...link, bitrate: 10 * MBIT }, max: 8 * MBIT, encoderMax: 800_000 };
    const stream = new SimulatedStream(options);
    stream.run(10_000);
    expect(stream.target(5000)).toBeLessThan(1.5 * MBIT);
    expect(stream.skipped).toBe(0);
  });
});
