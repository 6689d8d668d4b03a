import type { Clock } from './clock.ts';

/** A model that was lost has had its five new workers within seconds: the reason does not pass at once. */
const FIRST_WAIT_MS = 5_000;
const MAX_WAIT_MS = 60_000;
/** A model that lasted so long is as good as one that was never lost. */
const LASTED_MS = 10 * 60_000;

export interface ModelReloadOptions {
  readonly clock: Clock;
  /** Loads what is missing and puts it in place. What it throws means: not yet. */
  readonly reload: () => Promise<unknown>;
}

/** Brings the models of a session back that were lost: after 5 s, and twice as long each time, up to a minute. */
export class ModelReload {
  readonly #options: ModelReloadOptions;
  #waitMs = FIRST_WAIT_MS;
  #triedAt: number | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: ModelReloadOptions) {
    this.#options = options;
  }

  /** A model was lost. Where a reload is to come already, that one brings it back as well. */
  lost(): void {
    if (this.#closed || this.#cancel) return;
    const { clock } = this.#options;
    if (this.#triedAt !== undefined && clock.now() - this.#triedAt > LASTED_MS) this.#waitMs = FIRST_WAIT_MS;
    this.#cancel = clock.after(this.#waitMs, () => void this.#try());
    this.#waitMs = Math.min(MAX_WAIT_MS, this.#waitMs * 2);
  }

  /** Idempotent. No more reloads. */
  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #try(): Promise<void> {
    this.#cancel = undefined;
    this.#triedAt = this.#options.clock.now();
    try {
      await this.#options.reload();
    } catch {
      this.lost();
    }
  }
}
