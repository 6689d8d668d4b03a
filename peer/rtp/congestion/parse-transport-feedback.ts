import { wrapSequence } from '../sequence.ts';
import { TICKS_PER_MS, TICKS_PER_REFERENCE } from './feedback-message.ts';
import { decodeChunks, packetStatus } from './packet-status-chunks.ts';

/** One packet that transport feedback speaks of. */
export interface PacketReport {
  /** Of the transport, 16 bits. */
  readonly sequenceNumber: number;
  /** Milliseconds of the receiver's clock modulo {@link REFERENCE_WRAP_MS}; undefined for a packet that is missing. */
  readonly arrivalMs: number | undefined;
}

/** A message of transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1). */
export interface TransportFeedback {
  /** Number of the message, 8 bits. */
  readonly feedbackCount: number;
  /** The time in milliseconds that the arrivals count from: below {@link REFERENCE_WRAP_MS}. */
  readonly referenceMs: number;
  /** In the order of their numbers. */
  readonly packets: readonly PacketReport[];
}

/** The receiver's clock in the messages begins anew after 2²⁴ units of 64 ms, which is twelve days. */
export const REFERENCE_WRAP_MS = 2 ** 24 * 64;

const HEADER_BYTES = 8;
const MS_PER_REFERENCE = TICKS_PER_REFERENCE / TICKS_PER_MS;

/** Reads the feedback control information of a message. Undefined for what is malformed. */
export function parseTransportFeedback(fci: Uint8Array): TransportFeedback | undefined {
  const data = new DataView(fci.buffer, fci.byteOffset, fci.byteLength);
  if (data.byteLength < HEADER_BYTES) return undefined;
  const count = data.getUint16(2);
  const chunks = decodeChunks(data, HEADER_BYTES, count);
  if (count === 0 || chunks === undefined) return undefined;
  const referenceMs = (data.getUint32(4) >>> 8) * MS_PER_REFERENCE;
  const arrivals = readArrivals(data, chunks.end, chunks.statuses, referenceMs);
  if (arrivals === undefined) return undefined;
  const base = data.getUint16(0);
  const packets = arrivals.map((arrivalMs, index) => ({
    sequenceNumber: wrapSequence(base + index),
    arrivalMs,
  }));
  return { feedbackCount: data.getUint8(7), referenceMs, packets };
}

function readArrivals(
  data: DataView,
  start: number,
  statuses: Uint8Array,
  referenceMs: number,
): (number | undefined)[] | undefined {
  const arrivals: (number | undefined)[] = [];
  let offset = start;
  let ticks = 0;
  for (const status of statuses) {
    // A status is the number of bytes of its delta.
    if (offset + status > data.byteLength) return undefined;
    if (status === packetStatus.smallDelta) ticks += data.getUint8(offset);
    if (status === packetStatus.largeDelta) ticks += data.getInt16(offset);
    offset += status;
    arrivals.push(status === packetStatus.missing ? undefined : referenceMs + ticks / TICKS_PER_MS);
  }
  return arrivals;
}
