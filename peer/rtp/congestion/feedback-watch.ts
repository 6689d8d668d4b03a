/** Receivers report about once a second (RFC 3550, section 6.2); five that do not come are no loss any more. */
const PATIENCE_MS = 5000;

/**
 * Notices that media goes out and nobody reports on it: a client that does not do RTCP, or a path that carries nothing
 * back. `nowMs` is the same clock in milliseconds for every call.
 */
export class FeedbackWatch {
  /** When the first packet left that no report has come after. */
  #unansweredSince: number | undefined;

  onSent(nowMs: number): void {
    this.#unansweredSince ??= nowMs;
  }

  onFeedback(): void {
    this.#unansweredSince = undefined;
  }

  /** Whether media has gone out for so long without a report. */
  missing(nowMs: number): boolean {
    return this.#unansweredSince !== undefined && nowMs - this.#unansweredSince >= PATIENCE_MS;
  }
}
