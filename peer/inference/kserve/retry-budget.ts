const MOST = 10;
/** One retry for ten runs: when a server is in trouble, retries must not double its load. */
const EARNED_BY_RUN = 0.1;

/** A bucket of tokens: each run earns a part of one, each retry costs one. */
export class RetryBudget {
  #tokens = MOST;

  earn(): void {
    this.#tokens = Math.min(MOST, this.#tokens + EARNED_BY_RUN);
  }

  /** @returns whether there may be a retry; if so, it is paid for */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
