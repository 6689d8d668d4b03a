/** Milliseconds between two requests, at least and at most. */
const MIN_INTERVAL_MS = 300;
const MAX_INTERVAL_MS = 2000;

/**
 * Paces the picture loss indications (RFC 4585, section 6.3.1) for one incoming stream: the first at once, then again
 * after two round trips, and twice as long each time, until a key frame has come. Also where one need follows
 * another, two requests are never closer than the shortest interval.
 */
export class KeyframeRequester {
  #needed = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Requests since the need arose. */
  #attempts = 0;
  #asked = 0;

  /** A key frame is needed from now on. */
  request(): void {
    this.#needed = true;
  }

  /** A whole key frame has come. */
  onKeyframe(): void {
    this.#needed = false;
    this.#attempts = 0;
  }

  /** Whether to ask now; when true, it counts as asked. */
  due(nowMs: number, rttMs: number): boolean {
    if (!this.#needed || nowMs - this.#askedAt < this.#intervalMs(rttMs)) return false;
    this.#askedAt = nowMs;
    this.#attempts += 1;
    this.#asked += 1;
    return true;
  }

  stats() {
    return { asked: this.#asked, needed: this.#needed };
  }

  #intervalMs(rttMs: number): number {
    const first = Math.max(MIN_INTERVAL_MS, 2 * rttMs);
    return Math.min(MAX_INTERVAL_MS, first * 2 ** Math.max(0, this.#attempts - 1));
  }
}
