import type { RtpPacketView } from './packet.ts';
import { MAX_SEQUENCE_JUMP, unwrapSequence, wrapSequence } from './sequence.ts';

/** A packet in its place. */
export interface OrderedPacket {
  readonly type: 'packet';
  readonly packet: RtpPacketView;
  /** Milliseconds of the caller's clock. */
  readonly arrivedAt: number;
}

/** Packets that were given up, between the item before and the item after. */
interface OrderedGap {
  readonly type: 'gap';
  readonly lost: number;
  /** Sequence number of the packet that follows. */
  readonly resumesAt: number;
}

/** The sender began its sequence anew; what lies between is unknown. */
interface OrderedReset {
  readonly type: 'reset';
}

export type Ordered = OrderedPacket | OrderedGap | OrderedReset;

export interface ReorderBufferOptions {
  /** Packets held back at most; one more, and the oldest gap is given up. */
  maxPackets?: number;
  /** Milliseconds that a packet waits behind a gap before the gap is given up. */
  maxWaitMs?: number;
}

/** At least MAX_SEQUENCE_JUMP, a power of two. */
const HISTORY = 1024;

/**
 * Puts the packets of one RTP stream in order of their sequence numbers. A packet behind a gap waits for what is missing;
 * the oldest gap is given up, and told, when a packet has waited too long or too many wait. The first packet pushed
 * is the first of the stream: what was sent before it counts as late.
 *
 * A packet further than MAX_SEQUENCE_JUMP from the expected one is held aside, and believed when the next one far
 * away follows it (the two in sequence that RFC 3550, appendix A.1, asks for): everything before it is released, and
 * the order starts anew.
 */
export class ReorderBuffer {
  readonly #maxPackets: number;
  readonly #maxWaitMs: number;
  /** By position, in order of arrival. */
  readonly #held = new Map<number, OrderedPacket>();
  /** 1 where a position of late was released, 0 where it was given up. */
  readonly #released = new Uint8Array(HISTORY);
  #next: number | undefined;
  #stray: OrderedPacket | undefined;
  #received = 0;
  #lost = 0;
  #duplicate = 0;
  #late = 0;

  constructor({ maxPackets = 512, maxWaitMs = 100 }: ReorderBufferOptions = {}) {
    this.#maxPackets = maxPackets;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Takes a packet as it arrived; returns what can go on now, in order. `nowMs` must not run backwards. */
  push(packet: RtpPacketView, nowMs: number): Ordered[] {
    const arrival: OrderedPacket = { type: 'packet', packet, arrivedAt: nowMs };
    const next = this.#next ?? packet.sequenceNumber;
    this.#next = next;
    const position = unwrapSequence(next, packet.sequenceNumber);
    this.#received += 1;
    if (Math.abs(position - next) > MAX_SEQUENCE_JUMP) return this.#pushStray(arrival);
    if (position < next) this.#countPassed(position);
    else if (this.#held.has(position)) this.#duplicate += 1;
    else this.#held.set(position, arrival);

    const released: Ordered[] = [];
    this.#releaseRun(next, released);
    if (this.#held.size > this.#maxPackets) this.#giveUpOldestGap(released);
    return released;
  }

  /** Gives up every gap behind which a packet has waited `maxWaitMs`; returns what can go on now, in order. */
  expire(nowMs: number, maxWaitMs = this.#maxWaitMs): Ordered[] {
    const released: Ordered[] = [];
    for (;;) {
      const [longest] = this.#held.values();
      if (longest === undefined || nowMs - longest.arrivedAt < maxWaitMs) return released;
      this.#giveUpOldestGap(released);
    }
  }

  /** Packets since the beginning; `waiting` is how many are held now. A late packet was counted as lost before. */
  stats() {
    return {
      received: this.#received,
      lost: this.#lost,
      duplicate: this.#duplicate,
      late: this.#late,
      waiting: this.#held.size,
    };
  }

  #countPassed(position: number): void {
    if (this.#released[position & (HISTORY - 1)] === 1) this.#duplicate += 1;
    else this.#late += 1;
  }

  #pushStray(arrival: OrderedPacket): Ordered[] {
    const first = this.#stray;
    const follows = wrapSequence((first?.packet.sequenceNumber ?? 0) + 1) === arrival.packet.sequenceNumber;
    this.#stray = arrival;
    if (first === undefined || !follows) return [];
    const released: Ordered[] = [];
    while (this.#held.size > 0) this.#giveUpOldestGap(released);
    released.push({ type: 'reset' });
    this.#restart(first, arrival, released);
    return released;
  }

  #restart(first: OrderedPacket, second: OrderedPacket, released: Ordered[]): void {
    const position = first.packet.sequenceNumber;
    this.#stray = undefined;
    this.#released.fill(0);
    this.#held.set(position, first).set(position + 1, second);
    this.#releaseRun(position, released);
  }

  /** Releases the packets that stand in sequence from `next` on. */
  #releaseRun(next: number, released: Ordered[]): void {
    let position = next;
    for (let held = this.#held.get(position); held !== undefined; held = this.#held.get(position)) {
      released.push(held);
      this.#held.delete(position);
      this.#released[position & (HISTORY - 1)] = 1;
      position += 1;
    }
    this.#next = position;
  }

  #giveUpOldestGap(released: Ordered[]): void {
    let resumesAt = Number.POSITIVE_INFINITY;
    for (const position of this.#held.keys()) resumesAt = Math.min(resumesAt, position);
    const next = this.#next ?? resumesAt;
    for (let position = next; position < resumesAt; position += 1)
      this.#released[position & (HISTORY - 1)] = 0;
    this.#lost += resumesAt - next;
    released.push({ type: 'gap', lost: resumesAt - next, resumesAt: wrapSequence(resumesAt) });
    this.#releaseRun(resumesAt, released);
  }
}
