import { seededRandom } from '../packets.ts';

export interface LinkConditions {
  /** Bits per second of the bottleneck; 0 while nothing goes through. */
  bitrate: number;
  /** Bytes that wait before the bottleneck at most; what comes then is dropped. */
  queueBytes: number;
  /** Milliseconds one way, without the queue. */
  delayMs: number;
  /** Milliseconds more or less, evenly spread. */
  jitterMs: number;
  /** Whether jitter lets packets overtake each other, as it does where this is left out; else they wait for those before. */
  inOrder?: boolean;
  /** Milliseconds for which a busy machine handles no packet, now and then; none where it is left out. */
  stallMs?: number;
  /** Share of packets lost at random, 0 to 1. */
  loss: number;
}

/** Share of the packets that a stall begins with. */
const STALLS = 0.02;

interface Travelling<T> {
  readonly at: number;
  readonly item: T;
}

interface Queued<T> {
  readonly item: T;
  bytesLeft: number;
  readonly queuedAt: number;
}

/** One direction of a path: random loss, a queue before a bottleneck, then delay and jitter. Steps of 1 ms. */
export class SimulatedLink<T> {
  conditions: LinkConditions;
  /** How long each packet waited for the bottleneck, its own transmission included. */
  readonly waits: { at: number; ms: number }[] = [];
  dropped = 0;
  readonly #random: () => number;
  readonly #queue: Queued<T>[] = [];
  #travelling: Travelling<T>[] = [];
  #queuedBytes = 0;
  #credit = 0;
  #lastAt = 0;
  #stalledUntil = 0;

  constructor(seed: number, conditions: LinkConditions) {
    this.conditions = conditions;
    this.#random = seededRandom(seed);
  }

  send(item: T, bytes: number, now: number): void {
    const full = this.#queuedBytes + bytes > this.conditions.queueBytes;
    if (full || this.#random() < this.conditions.loss) {
      this.dropped += 1;
      return;
    }
    this.#queue.push({ item, bytesLeft: bytes, queuedAt: now });
    this.#queuedBytes += bytes;
  }

  /** Lets the millisecond that ends at `now` pass and returns what arrives in it. */
  step(now: number): { item: T; at: number }[] {
    this.#serve(now);
    const arrived = this.#travelling.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    if (arrived.length > 0) this.#travelling = this.#travelling.filter(({ at }) => at > now);
    return arrived;
  }

  #serve(now: number): void {
    this.#credit += this.conditions.bitrate / 8000;
    for (let head = this.#queue[0]; head !== undefined && this.#credit > 0; head = this.#queue[0]) {
      const sent = Math.min(head.bytesLeft, this.#credit);
      head.bytesLeft -= sent;
      this.#credit -= sent;
      this.#queuedBytes -= sent;
      if (head.bytesLeft > 1e-9) return;
      this.#queue.shift();
      // The millisecond is spent up to here.
      const done =
        this.conditions.bitrate === 0 ? now : now - (this.#credit * 8000) / this.conditions.bitrate;
      this.waits.push({ at: now, ms: done - head.queuedAt });
      this.#depart(head.item, done);
    }
    // A link that has nothing to send saves nothing up.
    if (this.#queue.length === 0) this.#credit = 0;
  }

  #depart(item: T, done: number): void {
    const { delayMs, jitterMs, inOrder, stallMs = 0 } = this.conditions;
    const drawn = done + delayMs + jitterMs * (2 * this.#random() - 1);
    if (stallMs > 0 && drawn > this.#stalledUntil && this.#random() < STALLS) {
      this.#stalledUntil = drawn + stallMs * this.#random();
    }
    const due = Math.max(drawn, drawn <= this.#stalledUntil ? this.#stalledUntil : drawn);
    const at = inOrder ? Math.max(this.#lastAt, due) : due;
    this.#lastAt = at;
    this.#travelling.push({ item, at });
  }
}
