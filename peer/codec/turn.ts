import { SightlineError } from '../../protocol/errors.ts';

/**
 * Lets one call run at a time and frees what the calls use only when none is running: a native context that is freed
 * under a call on libuv's pool takes the process with it.
 */
export class Turn {
  readonly #noun: string;
  readonly #release: () => void;
  #running = false;
  #closed = false;

  /** @param noun what is used, for messages; @param release frees it, called once */
  constructor(noun: string, release: () => void) {
    this.#noun = noun;
    this.#release = release;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Runs `call`. It starts before this returns, so that what it takes hold of at once cannot be closed under it.
   * @throws SightlineError `codec-failed` where another call is running or `close()` was called
   */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new SightlineError('codec-failed', `Cannot use the ${this.#noun}: it is closed`);
    if (this.#running) {
      const message = `Cannot use the ${this.#noun}: expected one call at a time, found one still running`;
      throw new SightlineError('codec-failed', message);
    }
    this.#running = true;
    try {
      return await call();
    } finally {
      this.#running = false;
      if (this.#closed) this.#release();
    }
  }

  /** Frees now, or at the end of the call that is running. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#running) this.#release();
  }
}
