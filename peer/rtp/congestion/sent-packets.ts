import { unwrapSequence } from '../sequence.ts';
import { ArrivalClock } from './arrival-clock.ts';
import type { TransportFeedback } from './parse-transport-feedback.ts';

interface SentPacket {
  readonly sentMs: number;
  readonly size: number;
  /** Whether it counts as under way: neither reported missing nor too old. */
  inFlight: boolean;
}

/** A packet that arrived. */
export interface AcknowledgedPacket {
  readonly sentMs: number;
  /** On the receiver's clock, without wraps. */
  readonly arrivalMs: number;
  /** Bytes. */
  readonly size: number;
}

/** What a message of feedback brought that was not known before. */
export interface Settlement {
  /** In the order of arrival. */
  readonly acknowledged: readonly AcknowledgedPacket[];
  /** How many packets more are missing; negative where some arrived after all. */
  readonly lost: number;
}

/** Packets remembered at most (ten seconds of 4 Mbit/s video); one more, and the oldest is forgotten. */
const CAPACITY = 4096;

/** What was sent under each transport-wide sequence number, until it is acknowledged. */
export class SentPackets {
  /** By unwrapped number, in the order of sending. */
  readonly #packets = new Map<number, SentPacket>();
  readonly #clock = new ArrivalClock();
  #newest: number | undefined;
  #bytesInFlight = 0;

  /** Bytes sent and not yet reported on. */
  get bytesInFlight(): number {
    return this.#bytesInFlight;
  }

  /** @param sequenceNumber of the transport, 16 bits; one that is used again stands for the newer packet */
  add(sequenceNumber: number, size: number, nowMs: number): void {
    const position = this.#position(sequenceNumber);
    this.#newest = Math.max(this.#newest ?? position, position);
    this.#delete(position);
    this.#packets.set(position, { sentMs: nowMs, size, inFlight: true });
    this.#bytesInFlight += size;
    const [oldest] = this.#packets.keys();
    if (oldest !== undefined && this.#packets.size > CAPACITY) this.#delete(oldest);
  }

  /** Takes out what arrived and takes note of what is missing; what is unknown or settled is passed over. */
  settle(feedback: TransportFeedback): Settlement {
    const offset = this.#clock.offset(feedback.referenceMs);
    const acknowledged: AcknowledgedPacket[] = [];
    let lost = 0;
    for (const { sequenceNumber, arrivalMs } of feedback.packets) {
      const position = this.#position(sequenceNumber);
      const packet = this.#packets.get(position);
      if (packet === undefined) continue;
      if (arrivalMs === undefined) {
        if (this.#land(packet)) lost += 1;
        continue;
      }
      // It was counted as lost before.
      if (!packet.inFlight) lost -= 1;
      this.#delete(position);
      acknowledged.push({ sentMs: packet.sentMs, size: packet.size, arrivalMs: arrivalMs + offset });
    }
    return { acknowledged: acknowledged.sort((a, b) => a.arrivalMs - b.arrivalMs), lost };
  }

  /** What was sent before is not under way any more, whatever has become of it. */
  expire(beforeMs: number): void {
    for (const packet of this.#packets.values()) {
      if (packet.sentMs >= beforeMs) return;
      this.#land(packet);
    }
  }

  #position(sequenceNumber: number): number {
    return unwrapSequence(this.#newest ?? sequenceNumber, sequenceNumber);
  }

  #land(packet: SentPacket): boolean {
    if (!packet.inFlight) return false;
    packet.inFlight = false;
    this.#bytesInFlight -= packet.size;
    return true;
  }

  #delete(position: number): void {
    const packet = this.#packets.get(position);
    if (packet !== undefined) this.#land(packet);
    this.#packets.delete(position);
  }
}
