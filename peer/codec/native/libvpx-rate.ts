import type { CodecContext } from 'node-av/lib';
import { PacedClock } from '../paced-clock.ts';

/** Sets libvpx up for a rate that its clock steers from then on. */
export class LibvpxRate {
  readonly #clock: PacedClock;

  constructor(context: CodecContext, { bitrate }: { bitrate: number }) {
    this.#clock = new PacedClock(bitrate);
    const { nominal } = this.#clock;
    context.bitRate = BigInt(nominal);
    // Equal bounds are how FFmpeg's libvpx is told to keep a constant rate.
    context.rcMaxRate = BigInt(nominal);
    context.rcMinRate = BigInt(nominal);
    context.rcBufferSize = nominal;
  }

  get bitrate(): number {
    return this.#clock.bitrate;
  }

  set bitrate(bitsPerSecond: number) {
    this.#clock.bitrate = bitsPerSecond;
  }

  next(timestamp: number): bigint {
    return BigInt(this.#clock.next(timestamp));
  }
}
