import type { CodecContext } from 'node-av/lib';
import { FrameSpacing } from '../frame-spacing.ts';

/** Below this x264 is not bothered with a new rate. */
const SMALLEST_CHANGE = 0.08;

/**
 * The rate of x264, which FFmpeg reconfigures before a frame where the rate and the bounds of its buffer have changed:
 * on film at 640×480, 1.5 Mbit/s → 300 kbit/s and back takes effect within half a second, without a key frame.
 */
export class X264Rate {
  readonly #context: CodecContext;
  readonly #spacing: FrameSpacing;
  bitrate: number;
  #appliedBitrate = 0;
  #appliedRate = 0;

  constructor(context: CodecContext, { bitrate, frameRate = 30 }: { bitrate: number; frameRate?: number }) {
    this.#context = context;
    this.#spacing = new FrameSpacing(frameRate);
    this.bitrate = bitrate;
    this.#apply();
  }

  next(timestamp: number): bigint {
    const time = this.#spacing.next(timestamp);
    this.#apply();
    return time;
  }

  #apply(): void {
    const rate = Math.round(this.bitrate * this.#spacing.share);
    const change = Math.abs(rate / this.#appliedRate - 1);
    if (this.bitrate === this.#appliedBitrate && change < SMALLEST_CHANGE) return;
    this.#appliedBitrate = this.bitrate;
    this.#appliedRate = rate;
    this.#context.bitRate = BigInt(rate);
    this.#context.rcMaxRate = BigInt(rate);
    this.#context.rcBufferSize = Math.ceil(this.bitrate / 2);
  }
}
