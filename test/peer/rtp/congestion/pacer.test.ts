import { describe, expect, it } from 'vitest';
import { type PacedPacket, Pacer } from '../../../../peer/rtp/congestion/pacer.ts';

const TARGET = 800_000;
const video: PacedPacket = { size: 1000, kind: 'video' };

function filled(packets: number, target = TARGET): Pacer<PacedPacket> {
  const pacer = new Pacer<PacedPacket>(target);
  for (let index = 0; index < packets; index += 1) pacer.push(video, 0);
  return pacer;
}

/** Sends as the owner does, and returns when each packet left. */
function departures(pacer: Pacer<PacedPacket>, until: number): number[] {
  const times: number[] = [];
  for (let now: number | undefined = 0; now !== undefined && now < until; now = pacer.nextAt(now)) {
    times.push(...pacer.take(now).map(() => now ?? 0));
  }
  return times;
}

describe('Pacer', () => {
  it('take() lets a frame of usual size leave at once', () => {
    expect(filled(4).take(0)).toHaveLength(4);
  });

  it('take() spreads a key frame at 2.5 times the target, and nextAt() says when', () => {
    const times = departures(filled(44), 1000);
    expect(times).toHaveLength(44);
    expect(times.filter((at) => at === 0)).toHaveLength(4);
    // The other 40 kB at 250 bytes a millisecond.
    expect(times.at(-1)).toBeGreaterThan(150);
    expect(times.at(-1)).toBeLessThan(165);
    const largest = Math.max(...times.slice(5).map((at, index) => at - (times[index + 4] ?? 0)));
    expect(largest).toBeLessThan(6);
  });

  it('take() saves up no more than the burst while it is idle', () => {
    const pacer = filled(4);
    pacer.take(0);
    for (let index = 0; index < 20; index += 1) pacer.push(video, 60_000);
    expect(pacer.take(60_000)).toHaveLength(4);
  });

  it('take() gives audio first, then retransmissions, then video', () => {
    const pacer = filled(1);
    pacer.push({ size: 500, kind: 'retransmission' }, 0);
    pacer.push({ size: 100, kind: 'audio' }, 0);
    expect(pacer.take(0).map(({ kind }) => kind)).toEqual(['audio', 'retransmission', 'video']);
  });

  it('hold() keeps back everything but audio', () => {
    const pacer = filled(1);
    pacer.hold(true);
    expect(pacer.nextAt(0)).toBeUndefined();
    pacer.push({ size: 100, kind: 'audio' }, 0);
    expect(pacer.nextAt(0)).toBe(0);
    expect(pacer.take(0).map(({ kind }) => kind)).toEqual(['audio']);
    expect([pacer.overflowing(100), pacer.overflowing(101)]).toEqual([false, true]);
    pacer.hold(false);
    expect(pacer.take(0)).toEqual([video]);
    expect(pacer.overflowing(0)).toBe(false);
  });

  it.each([
    ['not for what leaves within 250 ms', 60, 0, false],
    ['for more than leaves within 250 ms', 70, 0, true],
    ['for what has waited 250 ms', 1, 251, true],
  ])('overflowing() is said %s', (_, packets, nowMs, overflowing) => {
    expect(filled(packets).overflowing(nowMs)).toBe(overflowing);
  });

  it('setTarget() changes the pace', () => {
    const pacer = filled(100);
    pacer.take(0);
    pacer.setTarget(TARGET / 10, 0);
    expect(pacer.take(40)).toHaveLength(1);
    expect(pacer.overflowing(40)).toBe(true);
  });

  it('push() drops the newest when a megabyte waits, and counts it', () => {
    const pacer = filled(1048);
    expect(pacer.push(video, 0)).toBe(false);
    expect(pacer.stats()).toEqual({ queuedBytes: 1_048_000, dropped: 1 });
  });

  it('nextAt() is undefined when nothing waits', () => {
    expect(filled(0).nextAt(0)).toBeUndefined();
  });
});
