import { wrapSequence } from '../sequence.ts';
import { encodeChunks, packetStatus } from './packet-status-chunks.ts';

/** Receive deltas count in 250 µs, the reference time in 64 ms (draft-holmer, section 3.1). */
export const TICKS_PER_MS = 4;
export const TICKS_PER_REFERENCE = 64 * TICKS_PER_MS;

const HEADER_BYTES = 8;
const MAX_STATUSES = 0xffff;
/** Even with each packet between long gaps (four bytes of chunks, two of delta) the message fits one datagram. */
const MAX_RECEIVED = 190;

/** Writes one message of transport-wide feedback: which packets from a base on arrived, and when. */
export class FeedbackMessage {
  readonly #base: number;
  readonly #reference: number;
  readonly #statuses: number[] = [];
  /** In ticks of 250 µs. */
  readonly #deltas: number[] = [];
  #lastTick: number;

  /**
   * @param base unwrapped number of the first packet that the message speaks of, arrived or not
   * @param firstArrivalMs when the first packet arrived that will be added
   */
  constructor(base: number, firstArrivalMs: number) {
    this.#base = base;
    this.#reference = Math.floor(toTick(firstArrivalMs) / TICKS_PER_REFERENCE);
    this.#lastTick = this.#reference * TICKS_PER_REFERENCE;
  }

  /**
   * Adds the next packet that arrived, in the order of numbers; those between it and the last are missing.
   * False where it does not fit, because the message is full or the arrivals lie more than 8 s apart.
   */
  add(position: number, arrivalMs: number): boolean {
    const index = position - this.#base;
    const tick = toTick(arrivalMs);
    const delta = tick - this.#lastTick;
    if (index >= MAX_STATUSES || this.#deltas.length >= MAX_RECEIVED || !isInt16(delta)) return false;
    while (this.#statuses.length < index) this.#statuses.push(packetStatus.missing);
    this.#statuses.push(isByte(delta) ? packetStatus.smallDelta : packetStatus.largeDelta);
    this.#deltas.push(delta);
    // Deltas refer to the rounded times, so that rounding does not add up.
    this.#lastTick = tick;
    return true;
  }

  /**
   * The feedback control information of the RTCP packet, padded with zeros to whole 32-bit words.
   * @param feedbackCount number of the message, 8 bits
   */
  serialize(feedbackCount: number): Uint8Array {
    const chunks = encodeChunks(this.#statuses);
    const deltaBytes = this.#deltas.reduce((sum, delta) => sum + (isByte(delta) ? 1 : 2), 0);
    const bytes = new Uint8Array(Math.ceil((HEADER_BYTES + 2 * chunks.length + deltaBytes) / 4) * 4);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, wrapSequence(this.#base));
    view.setUint16(2, this.#statuses.length);
    view.setUint32(4, (this.#reference << 8) | (feedbackCount & 0xff));
    let offset = HEADER_BYTES;
    for (const chunk of chunks) {
      view.setUint16(offset, chunk);
      offset += 2;
    }
    for (const delta of this.#deltas) offset = writeDelta(view, offset, delta);
    return bytes;
  }
}

function writeDelta(view: DataView, offset: number, delta: number): number {
  if (isByte(delta)) {
    view.setUint8(offset, delta);
    return offset + 1;
  }
  view.setInt16(offset, delta);
  return offset + 2;
}

function toTick(ms: number): number {
  return Math.round(ms * TICKS_PER_MS);
}

function isByte(value: number): boolean {
  return value >= 0 && value <= 0xff;
}

function isInt16(value: number): boolean {
  return value >= -0x8000 && value <= 0x7fff;
}
