import { timestampDistance } from '../rtp/sequence.ts';

/** No encoder's rate control gains from hearing of a longer pause than this: a second, in 90 kHz ticks. */
const LONGEST_STEP = 90_000n;

/**
 * Turns 32-bit RTP timestamps (90 kHz) into presentation times that always grow, as encoders demand. It goes on over
 * the wrap; a timestamp that stands still or goes back counts as one tick, a jump ahead as a second at most.
 */
export class PtsClock {
  #last: number | undefined;
  #pts = 0n;

  /** @returns 90 kHz ticks since the first call */
  next(timestamp: number): bigint {
    if (this.#last !== undefined) this.#pts += stepBetween(this.#last, timestamp);
    this.#last = timestamp;
    return this.#pts;
  }
}

function stepBetween(from: number, to: number): bigint {
  const step = BigInt(timestampDistance(from, to));
  if (step < 1n) return 1n;
  return step > LONGEST_STEP ? LONGEST_STEP : step;
}
