import { timestampDistance } from '../rtp/sequence.ts';

const TICKS_PER_SECOND = 90_000;

/** Carries RTP timestamps of video across their wrap, as seconds that only ever go on. */
export class FrameClock {
  #timestamp: number | undefined;
  #ticks = 0;

  /** Seconds of the frame with this RTP timestamp (90 kHz), from an arbitrary zero. */
  seconds(timestamp: number): number {
    const distance = timestampDistance(this.#timestamp ?? timestamp, timestamp);
    const ticks = this.#ticks + distance;
    // A frame from before says nothing of where the clock stands.
    if (distance > 0 || this.#timestamp === undefined) {
      this.#timestamp = timestamp;
      this.#ticks = ticks;
    }
    return ticks / TICKS_PER_SECOND;
  }
}
