/** A frame may come so much early: cameras are not on time to the millisecond. */
const TOLERANCE = 0.25;

/** Lets frames through at a rate, none in a burst after a pause. */
export class FramePace {
  readonly #intervalMs: number;
  #nextAt = Number.NEGATIVE_INFINITY;

  /** @param fps frames a second at most; undefined lets all through */
  constructor(fps: number | undefined) {
    this.#intervalMs = fps === undefined ? 0 : 1000 / fps;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextAt - TOLERANCE * this.#intervalMs;
  }

  /** A frame was let through. */
  pass(nowMs: number): void {
    // Counted from when it was due, so that the rate is met on average; a pause is not made up for.
    const next = this.#nextAt + this.#intervalMs;
    this.#nextAt = next > nowMs ? next : nowMs + this.#intervalMs;
  }
}
