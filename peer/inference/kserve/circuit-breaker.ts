/** Failures in a row before the server is left alone: one may be chance. */
const FAILURES = 2;
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 30_000;
/** So many successes in a row make a server that failed as good as one that never did. */
const TRUSTED_AFTER = 50;

/** Decides whether a server is worth asking, and after how long it is to be tried again. */
export class CircuitBreaker {
  #failures = 0;
  #successes = 0;
  #nextWaitMs = FIRST_WAIT_MS;
  #isOpen = false;

  /** The server is left alone. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#successes += 1;
    if (this.#successes >= TRUSTED_AFTER) this.#nextWaitMs = FIRST_WAIT_MS;
  }

  /** @returns Milliseconds after which the server is to be tried, where this failure opens the breaker. */
  failed(): number | undefined {
    this.#successes = 0;
    this.#failures += 1;
    return this.#failures >= FAILURES && !this.#isOpen ? this.open() : undefined;
  }

  /** Leaves the server alone, or goes on with it after a trial that failed. @returns as {@link failed} */
  open(): number {
    this.#isOpen = true;
    this.#successes = 0;
    const waitMs = this.#nextWaitMs;
    this.#nextWaitMs = Math.min(MAX_WAIT_MS, waitMs * 2);
    return waitMs;
  }

  /** A trial went well. */
  close(): void {
    this.#isOpen = false;
    this.#failures = 0;
  }
}
