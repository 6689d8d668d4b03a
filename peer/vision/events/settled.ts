/** Times that differ by less are equal: seconds are sums of fractions. */
const EPSILON_SECONDS = 1e-6;

/**
 * Something that is so or not, and changes only when the other was seen, without a break, for so many seconds: twice at
 * least, however far apart results are. It begins as false.
 */
export class Settled {
  readonly #seconds: number;
  #value = false;
  #since = Number.NEGATIVE_INFINITY;
  #otherSince: number | undefined;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  get value(): boolean {
    return this.#value;
  }

  /** Seconds, when the present value was first seen. */
  get since(): number {
    return this.#since;
  }

  /** Seconds, when the other value was first seen; undefined while nothing speaks for a change. */
  get otherSince(): number | undefined {
    return this.#otherSince;
  }

  /** @returns whether this has changed the value */
  see(value: boolean, time: number): boolean {
    if (value === this.#value) {
      this.#otherSince = undefined;
      return false;
    }
    this.#otherSince ??= time;
    if (!hasPassed(this.#seconds, this.#otherSince, time)) return false;
    this.#value = value;
    this.#since = this.#otherSince;
    this.#otherSince = undefined;
    return true;
  }

  /** Keeps the value, and forgets what spoke for the other. */
  interrupt(): void {
    this.#otherSince = undefined;
  }
}

/** Whether two moments are so many seconds, more than 0, apart. */
export function hasPassed(seconds: number, from: number, to: number): boolean {
  return to - from >= seconds - EPSILON_SECONDS;
}
