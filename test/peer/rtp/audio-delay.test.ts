import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioDelay, type AudioDelayOptions } from '../../../peer/rtp/audio-delay.ts';

const PACKET_MS = 20;

/** Sends a packet every 20 ms, takes what is due each millisecond; tells how long each was held. */
function hold(delay: AudioDelay<number>, seconds: number, from = 0): number[] {
  const held: number[] = [];
  for (let now = from; now < from + seconds * 1000; now++) {
    if (now % PACKET_MS === 0) delay.push(now, now);
    for (const pushedAt of delay.take(now)) held.push(now - pushedAt);
  }
  return held;
}

function following(videoDelayMs: number, options: AudioDelayOptions = {}): AudioDelay<number> {
  const delay = new AudioDelay<number>(options);
  delay.follow(videoDelayMs);
  return delay;
}

describe('AudioDelay', () => {
  it('take() gives a packet at once while nothing is known of the picture', () => {
    expect(new Set(hold(new AudioDelay(), 1))).toEqual(new Set([0]));
  });

  it('reaches the delay of the picture, and stays', () => {
    expect(new Set(hold(following(80), 4).slice(-50))).toEqual(new Set([80]));
  });

  it('comes nearer by at most 50 ms in a second, both ways', () => {
    const delay = following(100);
    const up = hold(delay, 3);
    for (let i = 0; i < 500; i++) delay.follow(0);
    const down = hold(delay, 3, 3000);
    const steps = [...up, ...down].map((held, i, all) => Math.abs(held - (all[i - 1] ?? held)));
    // A millisecond a packet, and one that looking each millisecond adds
    expect(Math.max(...steps)).toBeLessThanOrEqual(2);
    expect(up.at(-1)).toBe(100);
    expect(down.at(-1)).toBeLessThanOrEqual(1);
  });

  it('follow() is not led away by one slow frame', () => {
    const delay = following(10);
    for (let i = 0; i < 100; i++) delay.follow(i === 50 ? 500 : 10);
    expect(Math.max(...hold(delay, 2))).toBeLessThan(20);
  });

  it.each([
    [-5, 0],
    [250, 250],
    [5000, 1000],
  ])('follow(%i) holds %i ms in the end', (videoDelayMs, expected) => {
    expect(hold(following(videoDelayMs), 30).at(-1)).toBe(expected);
  });

  it('nextAt() is when the oldest packet leaves', () => {
    const delay = following(40);
    hold(delay, 2);
    delay.take(10_000);
    expect(delay.nextAt()).toBeUndefined();
    delay.push(1, 10_000);
    delay.push(2, 10_020);
    expect(delay.nextAt()).toBe(10_040);
    expect([delay.take(10_039), delay.take(10_060)]).toEqual([[], [1, 2]]);
  });

  it('keeps a pause as long as it was', () => {
    const delay = following(30);
    hold(delay, 2);
    delay.take(5000);
    delay.push(1, 5000);
    expect(delay.take(5030)).toEqual([1]);
    delay.push(2, 9000);
    expect([delay.take(9029), delay.take(9030)]).toEqual([[], [2]]);
  });

  it('drops the oldest packet where too many are held, and counts it', () => {
    const delay = following(1000, { maxPackets: 3, slewMsPerSecond: 1e6 });
    for (let i = 0; i < 5; i++) delay.push(i, i);
    expect(delay.dropped).toBe(2);
    expect(delay.take(5000)).toEqual([2, 3, 4]);
  });

  it('gives every packet once, in order, within bounds, whatever the picture does', () => {
    const step = fc.record({ after: fc.integer({ min: 0, max: 200 }), video: fc.double({ noNaN: true }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const delay = new AudioDelay<number>();
        const given: number[] = [];
        let now = 0;
        for (const [index, { after, video }] of steps.entries()) {
          now += after;
          delay.follow(video);
          given.push(...delay.take(now));
          delay.push(index, now);
          expect(delay.delayMs).toBeLessThanOrEqual(1000);
        }
        given.push(...delay.take(now + 1000));
        expect(given).toEqual(steps.map((_, index) => index));
      }),
    );
  });
});
