import type { OutgoingPayload } from './packet.ts';

/** A packet as it was sent first. */
export interface SentPacket extends OutgoingPayload {
  /** 16 bits. */
  readonly sequenceNumber: number;
  /** 32 bits, 90 kHz. */
  readonly timestamp: number;
}

interface Remembered {
  readonly packet: SentPacket;
  readonly sentMs: number;
  repeatedMs: number;
}

/** Packets that are remembered; the oldest gives way. Some two seconds of 2.5 Mbit/s. A power of 2, to fit the wrap. */
const CAPACITY = 512;
/** A picture that is so late is given up by its receiver. */
const MAX_AGE_MS = 1500;
/** Between two repetitions of one packet, however short the round trip. */
const MIN_INTERVAL_MS = 10;
/** Share of the target bitrate that repetitions may take; what is lost beyond it is a queue that overflows. */
const BUDGET_SHARE = 0.25;
/** Repetitions that may follow each other at once, as milliseconds of the budget. */
const BUDGET_BURST_MS = 500;
const MIN_BURST_BYTES = 6000;

/**
 * What was sent of late, to be sent again when the receiver asks (generic NACK, RFC 4585, section 6.2.1). Repetitions
 * have a budget: answering every request of a path that drops because it is full fills it further.
 */
export class RetransmissionHistory {
  readonly #packets = new Array<Remembered | undefined>(CAPACITY);
  #budgetBytes = MIN_BURST_BYTES;
  #budgetAt: number | undefined;
  #repeated = 0;
  #refused = 0;

  onSent(packet: SentPacket, nowMs: number): void {
    this.#packets[packet.sequenceNumber % CAPACITY] = {
      packet,
      sentMs: nowMs,
      repeatedMs: Number.NEGATIVE_INFINITY,
    };
  }

  /**
   * The packets to send again now. A packet asked for twice within a round trip is sent once.
   * @param roundTripMs of the path; @param targetBitrate bits a second that it carries
   */
  take(
    sequenceNumbers: readonly number[],
    nowMs: number,
    { roundTripMs, targetBitrate }: { roundTripMs: number; targetBitrate: number },
  ): SentPacket[] {
    this.#refill(nowMs, targetBitrate);
    const packets: SentPacket[] = [];
    for (const sequenceNumber of sequenceNumbers) {
      const remembered = this.#packets[sequenceNumber % CAPACITY];
      if (remembered?.packet.sequenceNumber !== sequenceNumber) continue;
      if (nowMs - remembered.sentMs > MAX_AGE_MS) continue;
      if (nowMs - remembered.repeatedMs < Math.max(MIN_INTERVAL_MS, roundTripMs)) continue;
      const { packet } = remembered;
      if (this.#budgetBytes <= 0) {
        this.#refused += 1;
        continue;
      }
      this.#budgetBytes -= packet.payload.length;
      remembered.repeatedMs = nowMs;
      packets.push(packet);
    }
    this.#repeated += packets.length;
    return packets;
  }

  /** Packets sent again, and requests that the budget had no room for, since the beginning. */
  stats(): { repeated: number; refused: number } {
    return { repeated: this.#repeated, refused: this.#refused };
  }

  #refill(nowMs: number, targetBitrate: number): void {
    const bytesPerMs = (BUDGET_SHARE * targetBitrate) / 8000;
    const elapsedMs = Math.max(0, nowMs - (this.#budgetAt ?? nowMs));
    const most = Math.max(MIN_BURST_BYTES, BUDGET_BURST_MS * bytesPerMs);
    this.#budgetBytes = Math.min(most, this.#budgetBytes + elapsedMs * bytesPerMs);
    this.#budgetAt = nowMs;
  }
}
