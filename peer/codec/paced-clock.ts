import { PtsClock } from './pts-clock.ts';

/** Of the bitrate at the opening. Between 0.1 and 0.7 the choice made no difference; at 1 a rise took seconds. */
const NOMINAL_SHARE = 0.4;

/**
 * The rate of libvpx, which FFmpeg sets once and for all. But libvpx measures the frame rate by the timestamps, so that
 * the clock it is shown sets the rate: at twice the pace there are half as many frames a second to it, and twice the
 * bits for each. Measured on film at 640×480: 2.5 Mbit/s → 150 kbit/s takes effect within half a second, as does the
 * way back.
 */
export class PacedClock {
  readonly #clock = new PtsClock();
  /** Bits per second that libvpx is opened with. */
  readonly nominal: number;
  /** Bits per second from the next frame on. */
  bitrate: number;
  #lastTime = 0n;
  #pts = 0;

  /** @param bitrate bits per second at the opening */
  constructor(bitrate: number) {
    this.bitrate = bitrate;
    this.nominal = Math.ceil(bitrate * NOMINAL_SHARE);
  }

  /**
   * @param timestamp RTP timestamp, 90 kHz
   * @returns what libvpx is shown, in 90 kHz ticks since the first call
   */
  next(timestamp: number): number {
    const time = this.#clock.next(timestamp);
    const step = Number(time - this.#lastTime) * (this.bitrate / this.nominal);
    if (time > 0n) this.#pts += Math.max(step, 1);
    this.#lastTime = time;
    return Math.round(this.#pts);
  }
}
