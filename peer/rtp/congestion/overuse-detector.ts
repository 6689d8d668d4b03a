/** What the delay says of the path: its queue grows, shrinks, or neither. */
export type BandwidthUsage = 'normal' | 'overusing' | 'underusing';

const INITIAL_THRESHOLD = 12.5;
const MIN_THRESHOLD = 6;
const MAX_THRESHOLD = 600;
/** How fast the threshold follows, a millisecond: up slowly, down faster (draft-ietf-rmcat-gcc-02, section 5.4). */
const GAIN_UP = 0.0087;
const GAIN_DOWN = 0.039;
/** Further than this above the threshold a trend is an event, not noise to get used to. */
const MAX_ADAPT_OFFSET = 15;
const MAX_STEP_MS = 100;
/** A queue has to grow for this long to count. */
const OVERUSE_MS = 10;

/** Compares the trend of the delay with a threshold that adapts to the noise of the path. */
export class OveruseDetector {
  #threshold = INITIAL_THRESHOLD;
  #usage: BandwidthUsage = 'normal';
  #overusingMs = 0;
  #overusingSamples = 0;
  #previousTrend = 0;
  #updatedAt: number | undefined;

  get usage(): BandwidthUsage {
    return this.#usage;
  }

  /**
   * @param trend scaled slope of the delay
   * @param sentMs milliseconds between the groups that it was made from, where they were sent
   */
  update(trend: number, sentMs: number, nowMs: number): void {
    if (trend > this.#threshold) this.#rise(trend, sentMs);
    else {
      this.#overusingMs = 0;
      this.#overusingSamples = 0;
      this.#usage = trend < -this.#threshold ? 'underusing' : 'normal';
    }
    this.#previousTrend = trend;
    this.#adapt(Math.abs(trend), nowMs);
  }

  #rise(trend: number, sentMs: number): void {
    this.#overusingMs += this.#overusingSamples === 0 ? sentMs / 2 : sentMs;
    this.#overusingSamples += 1;
    const lasting = this.#overusingMs > OVERUSE_MS && this.#overusingSamples > 1;
    if (lasting && trend >= this.#previousTrend) this.#usage = 'overusing';
  }

  #adapt(magnitude: number, nowMs: number): void {
    const elapsedMs = Math.min(MAX_STEP_MS, nowMs - (this.#updatedAt ?? nowMs));
    this.#updatedAt = nowMs;
    if (magnitude > this.#threshold + MAX_ADAPT_OFFSET) return;
    const gain = magnitude < this.#threshold ? GAIN_DOWN : GAIN_UP;
    const threshold = this.#threshold + gain * (magnitude - this.#threshold) * Math.max(0, elapsedMs);
    this.#threshold = Math.min(MAX_THRESHOLD, Math.max(MIN_THRESHOLD, threshold));
  }
}
