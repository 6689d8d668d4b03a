const WINDOW_MS = 60_000;
const MAX_RESTARTS = 5;
const FIRST_DELAY_MS = 100;

/**
 * How often workers may be replaced: five times a minute, each time after twice the wait of the time before, so that a
 * model that kills its worker cannot keep a core busy with loading it again.
 */
export class RestartBudget {
  #restartedAt: number[] = [];

  /**
   * @param now monotonic milliseconds
   * @returns Milliseconds to wait before the restart, or undefined where there have been too many.
   */
  spend(now: number): number | undefined {
    this.#restartedAt = this.#restartedAt.filter((at) => now - at < WINDOW_MS);
    const recent = this.#restartedAt.length;
    if (recent >= MAX_RESTARTS) return undefined;
    this.#restartedAt.push(now);
    return recent === 0 ? 0 : FIRST_DELAY_MS * 2 ** (recent - 1);
  }
}
