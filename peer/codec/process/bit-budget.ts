import { timestampDistance } from '../../rtp/sequence.ts';

const TICKS_PER_SECOND = 90_000;
/** What an encoder may be ahead of its rate before a frame is left out, in seconds of the rate. */
const AHEAD_SECONDS = 0.5;

/**
 * Whether what was encoded has used up its rate. An encoder in another process cannot be told of a new rate at once, and
 * on the hardest pictures exceeds any; then frames are left out until the time has caught up.
 */
export class BitBudget {
  /** Bits that went out ahead of their time. */
  #ahead = 0;
  #last: number | undefined;

  /**
   * Lets the time go on.
   * @param timestamp RTP timestamp of the next frame, 90 kHz
   * @param bitrate bits per second
   * @returns whether there is room for it
   */
  hasRoom(timestamp: number, bitrate: number): boolean {
    const ticks = this.#last === undefined ? 0 : Math.max(0, timestampDistance(this.#last, timestamp));
    this.#last = timestamp;
    this.#ahead = Math.max(0, this.#ahead - (bitrate * ticks) / TICKS_PER_SECOND);
    return this.#ahead <= bitrate * AHEAD_SECONDS;
  }

  /** Counts a frame that was encoded. */
  spend(bytes: number): void {
    this.#ahead += bytes * 8;
  }
}
