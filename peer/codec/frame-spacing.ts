import { PtsClock } from './pts-clock.ts';

/** Share of what it sees of a frame's distance that the mean takes over. */
const SMOOTHING = 1 / 8;
/** Ticks of 90 kHz. After a longer pause the pictures come as fast as before. */
const LONGEST_INTERVAL = 22_500;

/**
 * How far frames are apart. Without delay x264 takes them for equally spaced (`b_vfr_input` costs one frame of delay),
 * so that with half of them the rate would be half. Their distance is measured here instead, and each gets the share of
 * the time it fills.
 */
export class FrameSpacing {
  readonly #clock = new PtsClock();
  readonly #nominal: number;
  #lastTime = 0n;
  #interval: number;

  /** @param frameRate frames per second that the encoder is told of */
  constructor(frameRate: number) {
    this.#nominal = 90_000 / frameRate;
    this.#interval = this.#nominal;
  }

  /** Frames' mean distance, of the one that the encoder is told of. */
  get share(): number {
    return this.#interval / this.#nominal;
  }

  /**
   * Counts a frame.
   * @param timestamp RTP timestamp, 90 kHz
   * @returns 90 kHz ticks since the first frame, always growing
   */
  next(timestamp: number): bigint {
    const time = this.#clock.next(timestamp);
    const interval = Math.min(Number(time - this.#lastTime), LONGEST_INTERVAL);
    if (time > 0n) this.#interval += (interval - this.#interval) * SMOOTHING;
    this.#lastTime = time;
    return time;
  }
}
