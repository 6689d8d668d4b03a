import { timestampDistance } from '../rtp/sequence.ts';

/** Weight of the newest distance between two frames. */
const WEIGHT = 0.1;
const CLOCK_RATE = 90_000;
/** Longer pauses are no frame rate. */
const MAX_DISTANCE = CLOCK_RATE;

/** Measures frames a second by their RTP timestamps. */
export class FrameRateMeter {
  #last: number | undefined;
  #distance = CLOCK_RATE / 30;

  /** @param timestamp of the newest frame, 90 kHz. @returns frames a second */
  add(timestamp: number): number {
    const distance = this.#last === undefined ? 0 : timestampDistance(this.#last, timestamp);
    this.#last = timestamp;
    if (distance > 0 && distance < MAX_DISTANCE) this.#distance += WEIGHT * (distance - this.#distance);
    return CLOCK_RATE / this.#distance;
  }
}
