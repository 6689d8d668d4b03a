import type { RtpPacketView } from '../../../peer/rtp/packet.ts';
import type { Ordered } from '../../../peer/rtp/reorder-buffer.ts';

/** A packet with what a test cares about; the rest is of no matter. */
export function packet(sequenceNumber: number, rest: Partial<RtpPacketView> = {}): RtpPacketView {
  return { sequenceNumber, timestamp: 0, marker: false, payload: Uint8Array.of(1), ...rest };
}

/** What came out of a reorder buffer, in short: sequence numbers, and gaps in words. */
export function brief(ordered: readonly Ordered[]): (number | string)[] {
  return ordered.map((item) => {
    if (item.type === 'packet') return item.packet.sequenceNumber;
    return item.type === 'gap' ? `gap ${item.lost} → ${item.resumesAt}` : 'reset';
  });
}

/** Bytes written in hexadecimal, spaces allowed. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

/** Pseudo-random numbers, 0 (included) to 1 (excluded), the same for the same seed (the mulberry32 generator). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
