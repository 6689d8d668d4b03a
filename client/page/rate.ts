/** Events a second over a sliding window. The time is an argument. */
export class Rate {
  readonly #windowMs: number;
  #times: number[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  hit(nowMs: number): void {
    this.#times.push(nowMs);
    this.#forget(nowMs);
  }

  /** Events a second; while the window is not full yet, over the time since the first of them. */
  perSecond(nowMs: number): number {
    this.#forget(nowMs);
    const [first] = this.#times;
    if (first === undefined || this.#times.length < 2) return 0;
    return ((this.#times.length - 1) * 1000) / Math.max(1, nowMs - first);
  }

  clear(): void {
    this.#times = [];
  }

  #forget(nowMs: number): void {
    const fresh = this.#times.findIndex((time) => nowMs - time <= this.#windowMs);
    this.#times = fresh < 0 ? [] : this.#times.slice(fresh);
  }
}
