import type { GroupDelta } from './packet-groups.ts';

interface Sample {
  /** Milliseconds on the receiver's clock. */
  readonly at: number;
  /** Smoothed delay in milliseconds, from an arbitrary zero. */
  readonly delay: number;
}

const WINDOW = 20;
const SMOOTHING = 0.9;

/**
 * The trend of the queueing delay: the slope of a line through the last {@link WINDOW} smoothed delays, least squares.
 * It takes the place of the Kalman filter of draft-ietf-rmcat-gcc-02, section 5.3.
 */
export class Trendline {
  readonly #samples: Sample[] = [];
  #accumulated = 0;
  #smoothed = 0;

  /** Takes a delta; milliseconds of delay a millisecond, 0 until the window is full. */
  update({ sentMs, arrivedMs, arrivalMs }: GroupDelta): number {
    this.#accumulated += arrivedMs - sentMs;
    this.#smoothed = SMOOTHING * this.#smoothed + (1 - SMOOTHING) * this.#accumulated;
    this.#samples.push({ at: arrivalMs, delay: this.#smoothed });
    if (this.#samples.length > WINDOW) this.#samples.shift();
    return this.#samples.length < WINDOW ? 0 : slope(this.#samples);
  }
}

function slope(samples: readonly Sample[]): number {
  const meanAt = samples.reduce((sum, { at }) => sum + at, 0) / samples.length;
  const meanDelay = samples.reduce((sum, { delay }) => sum + delay, 0) / samples.length;
  let numerator = 0;
  let denominator = 0;
  for (const { at, delay } of samples) {
    numerator += (at - meanAt) * (delay - meanDelay);
    denominator += (at - meanAt) ** 2;
  }
  return denominator === 0 ? 0 : numerator / denominator;
}
