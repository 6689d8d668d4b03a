import { performance } from 'node:perf_hooks';

/** Time, as an argument: the scheduler can be tested without waiting. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls back once after so many milliseconds, unless the function it returns is called before. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
