const SMOOTHING = 0.05;
/** Bounds and start of the variance, in kbit/s for a kbit/s of capacity. */
const INITIAL_VARIANCE = 0.4;
const MAX_VARIANCE = 2.5;
const DEVIATIONS = 3;

/** What the path carried whenever its queue grew: where the rate will meet its limit again. */
export class LinkCapacity {
  /** In kbit/s. */
  #mean: number | undefined;
  #variance = INITIAL_VARIANCE;

  /** Whether there is a limit to approach slowly. */
  get known(): boolean {
    return this.#mean !== undefined;
  }

  /** Takes note of what arrives now, in bits per second; far more than the limit means that the limit is gone. */
  onNormal(acknowledged: number): void {
    if (this.#mean !== undefined && acknowledged / 1000 > this.#mean + this.#spread(this.#mean))
      this.forget();
  }

  /** Takes note of what arrived in bits per second while the queue grew. */
  onOveruse(acknowledged: number): void {
    const sample = acknowledged / 1000;
    if (this.#mean !== undefined && sample < this.#mean - this.#spread(this.#mean)) this.forget();
    const mean = this.#mean ?? sample;
    const error = (mean - sample) ** 2 / Math.max(1, mean);
    const variance = (1 - SMOOTHING) * this.#variance + SMOOTHING * error;
    this.#variance = Math.min(MAX_VARIANCE, Math.max(INITIAL_VARIANCE, variance));
    this.#mean = (1 - SMOOTHING) * mean + SMOOTHING * sample;
  }

  forget(): void {
    this.#mean = undefined;
    this.#variance = INITIAL_VARIANCE;
  }

  #spread(mean: number): number {
    return DEVIATIONS * Math.sqrt(this.#variance * mean);
  }
}
