/** Results after which the rate is looked at again. */
const ROUND = 8;
/** Late results of a round that are no accident. */
const LATE = 3;
/** Rounds in a row without a late result before more is tried. */
const CALM_ROUNDS = 2;
const LOWER = 0.7;
const RAISE = 1.2;
/** Of the rate asked for, at least: results must come, or nothing would ever be raised again. */
const LEAST = 0.1;

/**
 * Keeps the time from a frame to its result within a budget by looking at fewer frames: fewer runs wait for each other,
 * and the codecs have the processor for longer. The share falls quickly and rises slowly.
 */
export class LatencyBudget {
  #share = 1;
  #results = 0;
  #late = 0;
  #calm = 0;

  /** Of the rate asked for, what may be looked at now: from 0.1 to 1. */
  get share(): number {
    return this.#share;
  }

  /**
   * A result came.
   * @param latencyMs from the decoded frame to the result
   * @param budgetMs undefined where there is none
   */
  push(latencyMs: number, budgetMs: number | undefined): void {
    if (budgetMs === undefined) {
      this.#share = 1;
      this.#begin();
      this.#calm = 0;
      return;
    }
    this.#results += 1;
    if (latencyMs > budgetMs) this.#late += 1;
    if (this.#late >= LATE) this.#lower();
    else if (this.#results >= ROUND) this.#endRound();
  }

  #lower(): void {
    this.#share = Math.max(LEAST, this.#share * LOWER);
    this.#calm = 0;
    this.#begin();
  }

  #endRound(): void {
    this.#calm = this.#late === 0 ? this.#calm + 1 : 0;
    if (this.#calm >= CALM_ROUNDS) {
      this.#share = Math.min(1, this.#share * RAISE);
      this.#calm = 0;
    }
    this.#begin();
  }

  #begin(): void {
    this.#results = 0;
    this.#late = 0;
  }
}
