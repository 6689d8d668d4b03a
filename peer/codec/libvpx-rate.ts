import type { CodecContext } from 'node-av/lib';
import { PtsClock } from './pts-clock.ts';

/** Of the bitrate at the opening. Between 0.1 and 0.7 the choice made no difference; at 1 a rise took seconds. */
const NOMINAL_SHARE = 0.4;

/**
 * The rate of libvpx, which FFmpeg sets once and for all. But libvpx measures the frame rate by the timestamps, so that
 * the clock it is shown sets the rate: at twice the pace there are half as many frames a second to it, and twice the
 * bits for each. Measured on film at 640×480: 2.5 Mbit/s → 150 kbit/s takes effect within half a second, as does the
 * way back.
 */
export class LibvpxRate {
  readonly #clock = new PtsClock();
  readonly #nominal: number;
  bitrate: number;
  #lastTime = 0n;
  #pts = 0;

  constructor(context: CodecContext, { bitrate }: { bitrate: number }) {
    this.bitrate = bitrate;
    this.#nominal = Math.ceil(bitrate * NOMINAL_SHARE);
    context.bitRate = BigInt(this.#nominal);
    // Equal bounds are how FFmpeg's libvpx is told to keep a constant rate.
    context.rcMaxRate = BigInt(this.#nominal);
    context.rcMinRate = BigInt(this.#nominal);
    context.rcBufferSize = this.#nominal;
  }

  next(timestamp: number): bigint {
    const time = this.#clock.next(timestamp);
    const step = Number(time - this.#lastTime) * (this.bitrate / this.#nominal);
    if (time > 0n) this.#pts += Math.max(step, 1);
    this.#lastTime = time;
    return BigInt(Math.round(this.#pts));
  }
}
