import { describe, expect, it } from 'vitest';
import { RetransmissionHistory, type SentPacket } from '../../../peer/rtp/retransmission-history.ts';

const path = { roundTripMs: 50, targetBitrate: 1_000_000 };

function packet(sequenceNumber: number, bytes = 1000): SentPacket {
  return { sequenceNumber, timestamp: 3000, marker: false, payload: new Uint8Array(bytes) };
}

const numbers = (packets: readonly SentPacket[]) => packets.map(({ sequenceNumber }) => sequenceNumber);

describe('RetransmissionHistory', () => {
  it('gives what was asked for, across the wrap of the sequence numbers', () => {
    const history = new RetransmissionHistory();
    for (let i = 0; i < 4; i++) history.onSent(packet((65_534 + i) & 0xffff), i);
    expect(numbers(history.take([65_535, 0], 10, path))).toEqual([65_535, 0]);
  });

  it('gives nothing for what it never sent, has forgotten, or sent too long ago', () => {
    const history = new RetransmissionHistory();
    history.onSent(packet(1), 0);
    expect(history.take([2, 513], 10, path)).toEqual([]);
    expect(history.take([1], 1501, path)).toEqual([]);
    history.onSent(packet(513), 10);
    expect(history.take([1], 20, path)).toEqual([]);
  });

  it('repeats a packet once in a round trip, and again after it', () => {
    const history = new RetransmissionHistory();
    history.onSent(packet(7), 0);
    expect(history.take([7, 7], 60, path)).toHaveLength(1);
    expect(history.take([7], 100, path)).toHaveLength(0);
    expect(history.take([7], 111, path)).toHaveLength(1);
    expect(history.stats().repeated).toBe(2);
  });

  it('stays within a quarter of what the path carries, however much is asked for', () => {
    const history = new RetransmissionHistory();
    let bytes = 0;
    for (let ms = 0; ms < 10_000; ms += 10) {
      history.onSent(packet((ms / 10) & 0xffff), ms);
      const asked = Array.from({ length: 100 }, (_, back) => (ms / 10 - back) & 0xffff);
      for (const { payload } of history.take(asked, ms, path)) bytes += payload.length;
    }
    const share = (bytes * 8) / 10 / path.targetBitrate;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.27);
    expect(history.stats().refused).toBeGreaterThan(0);
  });
});
