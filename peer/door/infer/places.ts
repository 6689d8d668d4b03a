import { SightlineError } from '../../../protocol/errors.ts';

/** A number of places that are taken in the order of asking. Nobody waits in vain: a signal ends the waiting. */
export class Places {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Waits for a place, which is given back when it is disposed of.
   * @throws the signal's reason where it is aborted first
   */
  async take(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    return this.#place();
  }

  /** @throws SightlineError `infer-busy` where none is free */
  takeNow(): Disposable {
    if (this.#free === 0) {
      throw new SightlineError(
        'infer-busy',
        'Cannot look at images now: every place for such requests is taken',
        { retryAfterSeconds: 1 },
      );
    }
    this.#free--;
    return this.#place();
  }

  #place(): Disposable {
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#give();
        held = false;
      },
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      this.#waiting.delete(resolve);
      reject(signal.reason);
    };
    this.#waiting.add(resolve);
    signal.addEventListener('abort', leave, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', leave));
  }

  #give(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
