import type { VideoCodec } from '../../rtp/packet.ts';
import { FrameSpacing } from '../frame-spacing.ts';
import { PacedClock } from '../paced-clock.ts';

/** Keeps the bitrate of encoder processes, which take one rate each, over the time that the timestamps tell. */
export interface ProcessRate {
  /** Bits per second from the next frame on. */
  bitrate: number;
  /**
   * Called before each frame.
   * @param timestamp RTP timestamp of the frame, 90 kHz
   * @returns the time to give it, in 90 kHz ticks that always grow
   */
  next(timestamp: number): number;
  /** Whether the encoder is so far off that another takes its place, with this frame. */
  readonly isOff: boolean;
  /** The rate to open an encoder with, bits per second. Called after `next()`. */
  open(): number;
}

export function rateOf(codec: VideoCodec, bitrate: number): ProcessRate {
  return codec === 'VP8' ? new LibvpxProcessRate(bitrate) : new X264ProcessRate(bitrate);
}

/** The clock that libvpx is shown sets its rate: one process serves every bitrate. */
class LibvpxProcessRate implements ProcessRate {
  readonly isOff = false;
  readonly #clock: PacedClock;

  constructor(bitrate: number) {
    this.#clock = new PacedClock(bitrate);
  }

  get bitrate(): number {
    return this.#clock.bitrate;
  }

  set bitrate(bitsPerSecond: number) {
    this.#clock.bitrate = bitsPerSecond;
  }

  next(timestamp: number): number {
    return this.#clock.next(timestamp);
  }

  open(): number {
    return this.#clock.nominal;
  }
}

/** Frames per second that x264 is told of, whatever comes. */
export const X264_FRAME_RATE = 30;
/** A smaller change is not worth a key frame. */
const TOLERANCE = 0.15;
/** 90 kHz ticks from one opening to the next: a key frame a second is the most that a changing rate may cost. */
const REST_TICKS = 90_000;

/** x264 keeps the rate that it is opened with, as bits for a frame: another rate, or pace of the frames, takes another. */
class X264ProcessRate implements ProcessRate {
  readonly #spacing = new FrameSpacing(X264_FRAME_RATE);
  bitrate: number;
  #opened = 0;
  #openedAt = 0;
  #now = 0;

  constructor(bitrate: number) {
    this.bitrate = bitrate;
  }

  get isOff(): boolean {
    const rested = this.#now - this.#openedAt >= REST_TICKS;
    return rested && Math.abs(this.#wanted / this.#opened - 1) > TOLERANCE;
  }

  next(timestamp: number): number {
    this.#now = Number(this.#spacing.next(timestamp));
    return this.#now;
  }

  open(): number {
    this.#opened = this.#wanted;
    this.#openedAt = this.#now;
    return this.#opened;
  }

  get #wanted(): number {
    return Math.round(this.bitrate * this.#spacing.share);
  }
}
