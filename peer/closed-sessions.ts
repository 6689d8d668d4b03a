import type { SessionDescription } from '../protocol/session.ts';

const LIMIT = 50;
const KEPT_MS = 5 * 60_000;

/** What is remembered of sessions whose path failed: the newest 50, for five minutes, so that callers can ask why. */
export class ClosedSessions {
  readonly #kept = new Map<string, { readonly description: SessionDescription; readonly untilMs: number }>();

  /** @param nowMs of any clock, the same for every call */
  keep(description: SessionDescription, nowMs: number): void {
    this.#forgetOld(nowMs);
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= LIMIT) this.#kept.delete(oldest);
    this.#kept.set(description.sessionId, { description, untilMs: nowMs + KEPT_MS });
  }

  find(sessionId: string, nowMs: number): SessionDescription | undefined {
    this.#forgetOld(nowMs);
    return this.#kept.get(sessionId)?.description;
  }

  /** The oldest come first. */
  #forgetOld(nowMs: number): void {
    for (const [sessionId, { untilMs }] of this.#kept) {
      if (untilMs > nowMs) return;
      this.#kept.delete(sessionId);
    }
  }
}
