import { describe, expect, it } from 'vitest';
import {
  type PacketReport,
  REFERENCE_WRAP_MS,
  type TransportFeedback,
} from '../../../../peer/rtp/congestion/parse-transport-feedback.ts';
import { SentPackets } from '../../../../peer/rtp/congestion/sent-packets.ts';

function feedback(arrivals: Record<number, number | undefined>, referenceMs = 0): TransportFeedback {
  const packets: PacketReport[] = Object.entries(arrivals).map(([number, arrivalMs]) => ({
    sequenceNumber: Number(number),
    arrivalMs,
  }));
  return { feedbackCount: 0, referenceMs, packets };
}

/** Packets of 100 bytes, sent 10 ms apart. */
function sent(...sequenceNumbers: number[]): SentPackets {
  const packets = new SentPackets();
  for (const [index, number] of sequenceNumbers.entries()) packets.add(number, 100, index * 10);
  return packets;
}

describe('SentPackets', () => {
  it('settle() gives what arrived in the order of arrival, across the wrap', () => {
    const packets = sent(65534, 65535, 0, 1);
    expect(packets.settle(feedback({ 65535: 130, 0: 110, 1: 120 }))).toEqual({
      acknowledged: [
        { sentMs: 20, size: 100, arrivalMs: 110 },
        { sentMs: 30, size: 100, arrivalMs: 120 },
        { sentMs: 10, size: 100, arrivalMs: 130 },
      ],
      lost: 0,
    });
    expect(packets.bytesInFlight).toBe(100);
  });

  it('settle() counts a missing packet once, and takes it back when it arrives after all', () => {
    const packets = sent(1, 2);
    expect(packets.settle(feedback({ 1: undefined, 2: 5 })).lost).toBe(1);
    expect(packets.settle(feedback({ 1: undefined })).lost).toBe(0);
    expect(packets.bytesInFlight).toBe(0);
    expect(packets.settle(feedback({ 1: 90 }))).toMatchObject({ lost: -1, acknowledged: [{ sentMs: 0 }] });
    expect(packets.settle(feedback({ 1: 90 })).acknowledged).toEqual([]);
  });

  it('settle() passes over what was never sent', () => {
    expect(sent(1).settle(feedback({ 7: 3, 8: undefined }))).toEqual({ acknowledged: [], lost: 0 });
    expect(new SentPackets().settle(feedback({ 7: 3 }))).toEqual({ acknowledged: [], lost: 0 });
  });

  it("settle() carries the receiver's clock across its wrap, both ways", () => {
    const packets = sent(1, 2, 3);
    const arrivals = [
      feedback({ 1: REFERENCE_WRAP_MS - 64 }, REFERENCE_WRAP_MS - 64),
      feedback({ 2: 0 }, 0),
      feedback({ 3: REFERENCE_WRAP_MS - 10 }, REFERENCE_WRAP_MS - 64),
    ].map((message) => packets.settle(message).acknowledged[0]?.arrivalMs);
    expect(arrivals).toEqual([REFERENCE_WRAP_MS - 64, REFERENCE_WRAP_MS, REFERENCE_WRAP_MS - 10]);
  });

  it('expire() lets old packets count as under way no more', () => {
    const packets = sent(1, 2, 3);
    packets.expire(15);
    expect(packets.bytesInFlight).toBe(100);
    expect(packets.settle(feedback({ 1: 50 })).acknowledged).toHaveLength(1);
    expect(packets.bytesInFlight).toBe(100);
  });

  it('add() forgets the oldest of too many, and the older of two with one number', () => {
    const packets = new SentPackets();
    for (let number = 0; number < 5000; number += 1) packets.add(number, 10, number);
    expect(packets.bytesInFlight).toBe(40_960);
    expect(packets.settle(feedback({ 903: 1 })).acknowledged).toEqual([]);
    packets.add(4999, 10, 6000);
    expect(packets.settle(feedback({ 4999: 1 })).acknowledged[0]?.sentMs).toBe(6000);
  });
});
