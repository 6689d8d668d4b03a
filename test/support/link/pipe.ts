import { type Impairment, impair, UNIMPAIRED } from './impairment.ts';
import { type DirectionStats, LinkCounters } from './link-stats.ts';
import { LossModel } from './loss-model.ts';
import { RateQueue } from './rate-queue.ts';
import { seededRandom } from './seeded-random.ts';

/** IPv4 without options, and UDP: what the network carries beside the payload. */
const HEADER_BYTES = 28;
/** Packets on their way at once, after the rate limit; a newcomer beyond is dropped like one beyond the queue. */
const MAX_FLYING = 20_000;

interface Packet<T> {
  readonly item: T;
  readonly bytes: number;
  /** Milliseconds after the rate limit. */
  readonly delay: number;
  readonly overtaken: boolean;
  readonly copies: number;
}

/** A packet that has come out. */
export interface Delivery<T> {
  readonly item: T;
  readonly bytes: number;
  /** When it was due; it is handed out at this time or later. */
  readonly at: number;
}

/**
 * One direction of a link, without sockets, clock or timers: outage, loss, rate limit, then delay. Time is an
 * argument, in milliseconds. Every packet draws as many random numbers as any other, so what happens to the n-th packet
 * depends on the seed, the settings and n alone (what a full queue drops depends on arrival times as well).
 */
export class Pipe<T> {
  readonly #random: () => number;
  readonly #loss = new LossModel();
  readonly #queue: RateQueue<Packet<T>>;
  readonly #counters = new LinkCounters();
  /** In the order in which they are due. */
  readonly #flying: Delivery<T>[] = [];
  #settings: Required<Impairment>;
  #lastDue = 0;
  #outage = { from: 0, to: 0 };

  constructor(impairment: Impairment, seed: number) {
    this.#settings = impair(UNIMPAIRED, impairment);
    this.#queue = new RateQueue(this.#settings.rate);
    this.#random = seededRandom(seed);
  }

  /** Changes what is named; packets on their way keep their delay. */
  set(change: Impairment, now: number): void {
    this.#settings = impair(this.#settings, change);
    this.#launch(this.#queue.setRate(this.#settings.rate, now));
  }

  /** Drops all that comes from `from` on and before `to`. What is on its way arrives. */
  setOutage(from: number, to: number): void {
    this.#outage = { from, to };
  }

  push(item: T, bytes: number, now: number): void {
    const { loss, burst, queueMs, queueBytes } = this.#settings;
    const lost = this.#loss.isLost(loss, burst, this.#random());
    const packet = this.#packet(item, bytes);
    this.#counters.came(bytes);
    this.#launch(this.#queue.take(now));
    if (now >= this.#outage.from && now < this.#outage.to) this.#counters.dropped('outage', now);
    else if (lost) this.#counters.dropped('loss', now);
    else if (this.#flying.length >= MAX_FLYING) this.#counters.dropped('queue', now);
    else if (!this.#queue.push(packet, bytes + HEADER_BYTES, now, queueMs, queueBytes)) {
      this.#counters.dropped('queue', now);
    }
  }

  #packet(item: T, bytes: number): Packet<T> {
    const { delay, jitter, jitterReorders, reorder, reorderMs, duplicate } = this.#settings;
    const shake = (this.#random() * 2 - 1) * jitter;
    const heldBack = this.#random() < reorder;
    const copies = this.#random() < duplicate ? 2 : 1;
    const total = Math.max(0, delay + shake) + (heldBack ? reorderMs : 0);
    return { item, bytes, delay: total, overtaken: heldBack || jitterReorders, copies };
  }

  #launch(left: ReturnType<RateQueue<Packet<T>>['take']>): void {
    for (const { item: packet, at, waitedMs } of left) {
      this.#counters.leftQueue(waitedMs, at);
      const due = packet.overtaken ? at + packet.delay : Math.max(this.#lastDue, at + packet.delay);
      if (!packet.overtaken) this.#lastDue = due;
      if (packet.copies > 1) this.#counters.duplicated();
      for (let copy = 0; copy < packet.copies; copy++) this.#fly({ ...packet, at: due });
    }
  }

  #fly({ item, bytes, at }: Delivery<T>): void {
    let index = this.#flying.length;
    while (index > 0 && (this.#flying[index - 1]?.at ?? 0) > at) index--;
    this.#flying.splice(index, 0, { item, bytes, at });
  }

  /** When `take()` has something to do; Infinity when nothing is on its way. */
  nextAt(): number {
    return Math.min(this.#queue.nextAt(), this.#flying[0]?.at ?? Number.POSITIVE_INFINITY);
  }

  /** What has arrived by now, in order of arrival. */
  take(now: number): Delivery<T>[] {
    this.#launch(this.#queue.take(now));
    const still = this.#flying.findIndex(({ at }) => at > now);
    const arrived = this.#flying.splice(0, still === -1 ? this.#flying.length : still);
    for (const { bytes, at } of arrived) this.#counters.delivered(bytes, at);
    return arrived;
  }

  /** Tells that a packet that had arrived could not be handed on. */
  unsent(now: number): void {
    this.#counters.dropped('unsent', now);
  }

  stats(): DirectionStats {
    return this.#counters.stats(this.#queue.backlogMs);
  }
}
