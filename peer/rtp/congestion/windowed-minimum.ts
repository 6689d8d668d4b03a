/** The smallest of the values of the last one to two windows of time. */
export class WindowedMinimum {
  readonly #windowMs: number;
  #since = Number.NEGATIVE_INFINITY;
  #before = Number.POSITIVE_INFINITY;
  #current = Number.POSITIVE_INFINITY;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Infinite before the first value. */
  get value(): number {
    return Math.min(this.#before, this.#current);
  }

  push(value: number, nowMs: number): void {
    if (nowMs - this.#since >= this.#windowMs) {
      this.#before = this.#current;
      this.#current = value;
      this.#since = nowMs;
    }
    this.#current = Math.min(this.#current, value);
  }
}
