/** What has left the queue. */
interface Departure<T> {
  readonly item: T;
  /** When its last bit was sent, in milliseconds of the caller's clock. */
  readonly at: number;
  /** Milliseconds that it waited for those before it and for its own bits. */
  readonly waitedMs: number;
}

interface Waiting<T> {
  readonly item: T;
  readonly bits: number;
  readonly arrivedAt: number;
}

/**
 * A bottleneck: sends one packet after the other at a rate, and drops newcomers when too much waits (drop-tail).
 * A change of the rate holds from the bit that is being sent. Time is an argument, in milliseconds.
 */
export class RateQueue<T> {
  readonly #waiting: Waiting<T>[] = [];
  /** Up to when bits have been sent. */
  #sentUntil = 0;
  /** Bits of the first packet that were sent already. */
  #sentOfFirst = 0;
  #bits = 0;
  #bitsPerMs: number;

  constructor(bitsPerSecond: number) {
    this.#bitsPerMs = bitsPerSecond / 1000;
  }

  /** Milliseconds until all that waits now is sent. */
  get backlogMs(): number {
    return Math.max(0, this.#bits - this.#sentOfFirst) / this.#bitsPerMs;
  }

  get backlogBytes(): number {
    return this.#bits / 8;
  }

  /** Whatever left before `now` has to be taken first: it left at the old rate. */
  setRate(bitsPerSecond: number, now: number): Departure<T>[] {
    const left = this.take(now);
    this.#bitsPerMs = bitsPerSecond / 1000;
    return left;
  }

  /** @returns false where the packet was dropped: it would wait longer than `maxMs`, or behind `maxBytes` */
  push(item: T, bytes: number, now: number, maxMs: number, maxBytes: number): boolean {
    const bits = bytes * 8;
    if (this.#waiting.length === 0) this.#sentUntil = now;
    else if (this.backlogMs > maxMs || this.backlogBytes + bytes > maxBytes) return false;
    this.#waiting.push({ item, bits, arrivedAt: now });
    this.#bits += bits;
    return true;
  }

  /** When the first that waits will have been sent; Infinity when nothing waits. */
  nextAt(): number {
    const first = this.#waiting[0];
    if (!first) return Number.POSITIVE_INFINITY;
    return this.#sentUntil + (first.bits - this.#sentOfFirst) / this.#bitsPerMs;
  }

  /** What has left up to now, in order. */
  take(now: number): Departure<T>[] {
    const left: Departure<T>[] = [];
    for (let at = this.nextAt(); at <= now; at = this.nextAt()) {
      const first = this.#waiting.shift();
      if (!first) break;
      this.#bits -= first.bits;
      this.#sentOfFirst = 0;
      this.#sentUntil = at;
      left.push({ item: first.item, at, waitedMs: at - first.arrivedAt });
    }
    if (this.#waiting.length > 0) {
      this.#sentOfFirst += (now - this.#sentUntil) * this.#bitsPerMs;
      this.#sentUntil = now;
    }
    return left;
  }
}
