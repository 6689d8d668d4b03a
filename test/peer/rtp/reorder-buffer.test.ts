import { describe, expect, it } from 'vitest';
import { ReorderBuffer } from '../../../peer/rtp/reorder-buffer.ts';
import { brief, packet, seededRandom } from './packets.ts';

/** Pushes packets with these numbers at time 0 and tells what came out. */
function pushAll(buffer: ReorderBuffer, sequenceNumbers: readonly number[], nowMs = 0) {
  return brief(sequenceNumbers.flatMap((number) => buffer.push(packet(number), nowMs)));
}

describe('ReorderBuffer', () => {
  it('push() lets packets in order through at once', () => {
    const buffer = new ReorderBuffer();
    expect(brief(buffer.push(packet(7), 0))).toEqual([7]);
    expect(brief(buffer.push(packet(8), 0))).toEqual([8]);
  });

  it.each([
    ['in the middle', [10, 12, 13, 11, 14], [10, 11, 12, 13, 14]],
    ['across the wrap', [65534, 0, 65535, 2, 1], [65534, 65535, 0, 1, 2]],
    ['with two gaps', [1, 3, 5, 4, 2], [1, 2, 3, 4, 5]],
  ])('push() puts packets in order %s', (_, arrived, released) => {
    expect(pushAll(new ReorderBuffer(), arrived)).toEqual(released);
  });

  it('push() keeps the time at which each packet arrived', () => {
    const buffer = new ReorderBuffer();
    buffer.push(packet(1), 5);
    buffer.push(packet(3), 8);
    expect(buffer.push(packet(2), 9).map((item) => item.type === 'packet' && item.arrivedAt)).toEqual([9, 8]);
  });

  it('expire() gives up a gap once a packet has waited behind it', () => {
    const buffer = new ReorderBuffer({ maxWaitMs: 100 });
    pushAll(buffer, [65534], 0);
    pushAll(buffer, [1, 3], 50);
    expect(brief(buffer.expire(149))).toEqual([]);
    expect(brief(buffer.expire(150))).toEqual(['gap 2 → 1', 1, 'gap 1 → 3', 3]);
    expect(buffer.stats()).toMatchObject({ received: 3, lost: 3, waiting: 0 });
  });

  it('expire() lets a later gap wait for its own time', () => {
    const buffer = new ReorderBuffer({ maxWaitMs: 100 });
    pushAll(buffer, [1, 3], 0);
    pushAll(buffer, [5], 60);
    expect(brief(buffer.expire(100))).toEqual(['gap 1 → 3', 3]);
    expect(brief(buffer.expire(160))).toEqual(['gap 1 → 5', 5]);
  });

  it('expire() takes another waiting time from the caller', () => {
    const buffer = new ReorderBuffer();
    pushAll(buffer, [1, 3], 0);
    expect(brief(buffer.expire(399, 400))).toEqual([]);
    expect(brief(buffer.expire(400, 400))).toEqual(['gap 1 → 3', 3]);
  });

  it('expire() costs nothing while nothing waits', () => {
    const buffer = new ReorderBuffer();
    pushAll(buffer, [1], 0);
    expect(buffer.expire(1e9)).toEqual([]);
    expect(pushAll(buffer, [2], 1e9)).toEqual([2]);
  });

  it('push() gives up the oldest gap when too many packets wait', () => {
    const buffer = new ReorderBuffer({ maxPackets: 3 });
    expect(pushAll(buffer, [10, 12, 13, 20])).toEqual([10]);
    expect(pushAll(buffer, [21])).toEqual(['gap 1 → 12', 12, 13]);
    expect(buffer.stats().waiting).toBe(2);
  });

  it('push() drops and counts duplicates, of held and of released packets', () => {
    const buffer = new ReorderBuffer();
    expect(pushAll(buffer, [1, 1, 3, 3, 2, 2, 3])).toEqual([1, 2, 3]);
    expect(buffer.stats()).toEqual({ received: 7, lost: 0, duplicate: 4, late: 0, waiting: 0 });
  });

  it('push() drops and counts packets that come after they were given up', () => {
    const buffer = new ReorderBuffer();
    pushAll(buffer, [1, 4], 0);
    buffer.expire(100);
    expect(pushAll(buffer, [2, 3, 0, 4], 101)).toEqual([]);
    expect(buffer.stats()).toMatchObject({ lost: 2, late: 3, duplicate: 1 });
  });

  it('push() starts anew after two packets in sequence far away, and loses neither', () => {
    const buffer = new ReorderBuffer();
    pushAll(buffer, [1, 3]);
    expect(pushAll(buffer, [40_000, 40_001, 40_002])).toEqual([
      'gap 1 → 3',
      3,
      'reset',
      40_000,
      40_001,
      40_002,
    ]);
  });

  it.each([
    ['back', 30_000, [100, 101]],
    ['to the wrap', 30_000, [65_535, 0]],
  ])('push() starts anew where the sender went %s', (_, from, to) => {
    const buffer = new ReorderBuffer();
    pushAll(buffer, [from]);
    expect(pushAll(buffer, to)).toEqual(['reset', ...to]);
  });

  it('push() does not take what is late after a new start for a duplicate', () => {
    const buffer = new ReorderBuffer();
    const released = 99 + 1024;
    pushAll(buffer, [released]);
    pushAll(buffer, [released + 2 * 1024 + 1, released + 2 * 1024 + 2, released + 2 * 1024]);
    expect(buffer.stats()).toMatchObject({ late: 1, duplicate: 0 });
  });

  it('push() takes no notice of a single packet from far away', () => {
    const buffer = new ReorderBuffer();
    expect(pushAll(buffer, [1, 40_000, 2, 3, 50_000, 4])).toEqual([1, 2, 3, 4]);
  });

  it('holds a bounded number of packets, and releases in order, whatever arrives', () => {
    const random = seededRandom(1);
    const buffer = new ReorderBuffer({ maxPackets: 16, maxWaitMs: 40 });
    let expected: number | undefined;
    for (let now = 0; now < 20_000; now += 1) {
      // Five wraps, some in place, some up to 40 early or late, some anywhere
      const near = now * 17 + Math.floor((random() - 0.5) * 80);
      const number = (random() < 0.9 ? near : Math.floor(random() * 65_536)) & 0xffff;
      const items = [...buffer.push(packet(number), now), ...buffer.expire(now)];
      for (const item of items) {
        if (item.type === 'reset') expected = undefined;
        else if (item.type === 'gap') expected = item.resumesAt;
        else {
          expect(item.packet.sequenceNumber).toBe(expected ?? item.packet.sequenceNumber);
          expected = (item.packet.sequenceNumber + 1) & 0xffff;
        }
      }
      expect(buffer.stats().waiting).toBeLessThanOrEqual(16);
    }
    expect(buffer.stats().lost).toBeGreaterThan(1000);
  });
});
