import type { CodecContext } from 'node-av/lib';
import { PtsClock } from './pts-clock.ts';

/** Share of what it sees of a frame's distance that the mean takes over. */
const SMOOTHING = 1 / 8;
/** Ticks of 90 kHz. After a longer pause the pictures come as fast as before. */
const LONGEST_INTERVAL = 22_500;
/** Below this x264 is not bothered with a new rate. */
const SMALLEST_CHANGE = 0.08;

/**
 * The rate of x264, which FFmpeg reconfigures before a frame where the rate and the bounds of its buffer have changed:
 * on film at 640×480, 1.5 Mbit/s → 300 kbit/s and back takes effect within half a second, without a key frame.
 *
 * Without delay x264 takes frames for equally spaced (`b_vfr_input` costs one frame of delay), so that with half of
 * them the rate would be half. Their distance is measured here instead, and each gets the share of the time it fills.
 */
export class X264Rate {
  readonly #clock = new PtsClock();
  readonly #context: CodecContext;
  readonly #nominalInterval: number;
  bitrate: number;
  #lastTime = 0n;
  #interval: number;
  #appliedBitrate = 0;
  #appliedRate = 0;

  constructor(context: CodecContext, { bitrate, frameRate = 30 }: { bitrate: number; frameRate?: number }) {
    this.#context = context;
    this.#nominalInterval = 90_000 / frameRate;
    this.#interval = this.#nominalInterval;
    this.bitrate = bitrate;
    this.#apply();
  }

  next(timestamp: number): bigint {
    const time = this.#clock.next(timestamp);
    const interval = Math.min(Number(time - this.#lastTime), LONGEST_INTERVAL);
    if (time > 0n) this.#interval += (interval - this.#interval) * SMOOTHING;
    this.#lastTime = time;
    this.#apply();
    return time;
  }

  #apply(): void {
    const rate = Math.round((this.bitrate * this.#interval) / this.#nominalInterval);
    const change = Math.abs(rate / this.#appliedRate - 1);
    if (this.bitrate === this.#appliedBitrate && change < SMALLEST_CHANGE) return;
    this.#appliedBitrate = this.bitrate;
    this.#appliedRate = rate;
    this.#context.bitRate = BigInt(rate);
    this.#context.rcMaxRate = BigInt(rate);
    this.#context.rcBufferSize = Math.ceil(this.bitrate / 2);
  }
}
