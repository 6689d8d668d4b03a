/** Arithmetic on the counters of RTP that wrap (RFC 3550, section 5.1; serial number arithmetic, RFC 1982). */

/** How far the 16-bit number `to` lies after `from`: -32768 to 32767, negative when it lies before. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** How far the 32-bit timestamp `to` lies after `from`: -2³¹ to 2³¹ - 1, negative when it lies before. */
export function timestampDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/**
 * The number without wrap that lies nearest to `near` and has `sequenceNumber` as its low 16 bits. Counting from any
 * first number on, positions made this way compare with `<` however often the sequence wraps.
 */
export function unwrapSequence(near: number, sequenceNumber: number): number {
  return near + sequenceDistance(wrapSequence(near), sequenceNumber);
}

/** The 16-bit sequence number of an unwrapped position. */
export function wrapSequence(position: number): number {
  return position & 0xffff;
}

/**
 * Further than this from what is expected, in either direction, a packet is not early or late but from a sequence that
 * began anew (some three seconds of 4 Mbit/s video).
 */
export const MAX_SEQUENCE_JUMP = 1000;
