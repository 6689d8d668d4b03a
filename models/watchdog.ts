/** Aborts something when it has not been fed in time. */
export class Watchdog {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** Aborts with the error given to the `feed` that was not followed by another. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Gives it until `timeoutMs` from now. */
  feed(timeoutMs: number, error: () => Error): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(error()), timeoutMs);
  }

  /** Ends the wait, and with it whatever is still under way. */
  close(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
