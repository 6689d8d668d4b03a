/**
 * Paces the key frames of one outgoing stream: however many viewers ask (PLI, RFC 4585, section 6.3.1; FIR, RFC 5104,
 * section 4.3.1), there is one at most in each interval. A request within the interval is served after it.
 */
export class KeyframeThrottle {
  readonly #intervalMs: number;
  #requested = false;
  #takenAt = Number.NEGATIVE_INFINITY;

  constructor({ intervalMs = 300 }: { intervalMs?: number } = {}) {
    this.#intervalMs = intervalMs;
  }

  request(): void {
    this.#requested = true;
  }

  /** Whether the frame to be encoded now must be a key frame; when true, the request is served. */
  take(nowMs: number): boolean {
    if (!this.#requested || nowMs - this.#takenAt < this.#intervalMs) return false;
    this.onKeyframe(nowMs);
    return true;
  }

  /** The encoder made a key frame, of its own accord too: it serves every request so far. */
  onKeyframe(nowMs: number): void {
    this.#requested = false;
    this.#takenAt = nowMs;
  }
}
