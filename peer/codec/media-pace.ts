/** Behind by more than this, nothing is made up for: the clock is set anew, so that no burst follows a pause. */
const LATEST_MS = 500;

/**
 * Plays pictures at the speed at which they were taken: says how long to wait before each. Times are arguments, so that
 * it has no clock of its own.
 */
export class MediaPace {
  #startedAt: number | undefined;

  /**
   * @param seconds of the picture from the start of its source
   * @param nowMs monotonic milliseconds
   * @returns milliseconds until it is due; 0 where it is due or late
   */
  delayMs(seconds: number, nowMs: number): number {
    const dueAt = (this.#startedAt ?? nowMs - seconds * 1000) + seconds * 1000;
    const delay = dueAt - nowMs;
    if (this.#startedAt === undefined || delay < -LATEST_MS) {
      this.#startedAt = nowMs - seconds * 1000;
      return 0;
    }
    return Math.max(0, delay);
  }
}
