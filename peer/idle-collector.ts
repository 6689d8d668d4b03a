import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Between two calls that follow each other there is no need. */
const IDLE_MS = 500;

/**
 * Collects garbage when the last session has ended and none has begun. Left alone, V8 waits until a share of the
 * machine's memory is used: buffers of calls long gone stay, and a process that has served two hundred of them looks like a leak.
 * Nothing is late by it, because nobody is in a call.
 */
export class IdleCollector {
  readonly #collect: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc') as () => void;
  }

  /** Takes how many sessions there are now. */
  onSessions(count: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (count === 0) this.#timer = setTimeout(this.#collect, IDLE_MS).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
