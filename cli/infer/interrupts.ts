/** One Ctrl-C may come several times within moments, from the terminal and from programs above us. */
const SAME_INTERRUPT_MS = 1_000;

type EndingSignal = 'SIGINT' | 'SIGTERM';

/**
 * Tells of the first SIGINT or SIGTERM, so that what was begun can be finished. A later one ends the process at once, by
 * the signal itself: leaving in order would wait for a write that may be what hangs.
 */
export class Interrupts implements Disposable {
  readonly #end: (signal: EndingSignal) => void;
  #first: { readonly signal: EndingSignal; readonly at: number } | undefined;
  readonly #handle = (signal: EndingSignal): void => {
    const now = performance.now();
    if (this.#first && now - this.#first.at > SAME_INTERRUPT_MS) {
      this[Symbol.dispose]();
      process.kill(process.pid, signal);
      return;
    }
    if (this.#first) return;
    this.#first = { signal, at: now };
    this.#end(signal);
  };

  constructor(end: (signal: EndingSignal) => void) {
    this.#end = end;
    process.on('SIGINT', this.#handle).on('SIGTERM', this.#handle);
  }

  /** The signal that came. */
  get signal(): EndingSignal | undefined {
    return this.#first?.signal;
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#handle).off('SIGTERM', this.#handle);
  }
}
