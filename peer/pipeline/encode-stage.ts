import type { EncodedFrame } from '../codec/encoder.ts';
import { VideoEncoder } from '../codec/encoder.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import { KeyframeThrottle } from '../rtp/keyframe-throttle.ts';
import type { VideoCodec } from '../rtp/packet.ts';
import { bitrateFor } from './bitrate.ts';
import type { FrameRecord } from './frame-record.ts';
import { NewestSlot } from './newest-slot.ts';
import { Recent } from './recent.ts';

interface Entry {
  readonly frame: VideoFrame;
  readonly record: FrameRecord;
}

/** After a failure the encoder rests: opening it again for each frame would cost more than it brings. */
const PAUSE_MS = 1000;

export interface EncodeStageOptions {
  readonly codec: VideoCodec;
  readonly maxBitrate: number;
  /** Draws into the frame. */
  readonly compose: (frame: VideoFrame) => void;
  /** Sends an encoded frame. */
  readonly onEncoded: (encoded: EncodedFrame, record: FrameRecord) => void;
  readonly warn: RateLimitedWarning;
}

/** Draws and encodes the newest frame. While one is encoded a newer one replaces the one that waits. */
export class EncodeStage {
  readonly #options: EncodeStageOptions;
  readonly #slot = new NewestSlot<Entry>(({ frame }) => frame.close());
  readonly #throttle = new KeyframeThrottle();
  readonly compose = new Recent();
  readonly encode = new Recent();
  #encoder: VideoEncoder | undefined;
  #running: Promise<void> | undefined;
  #closed = false;
  #pausedUntil = 0;
  #keyFrames = 0;
  #failures = 0;

  constructor(options: EncodeStageOptions) {
    this.#options = options;
  }

  /** Frames that were decoded and never encoded. */
  get skipped(): number {
    return this.#slot.replaced;
  }

  get keyFrames(): number {
    return this.#keyFrames;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Width and height of what goes out. */
  get size(): { width: number; height: number } {
    return { width: this.#encoder?.width ?? 0, height: this.#encoder?.height ?? 0 };
  }

  requestKeyframe(): void {
    this.#throttle.request();
  }

  /** Takes over the frame. */
  push(frame: VideoFrame, record: FrameRecord): void {
    if (this.#closed || record.decodedAt < this.#pausedUntil) {
      frame.close();
      return;
    }
    this.#slot.put({ frame, record });
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    for (let entry = this.#slot.take(); entry && !this.#closed; entry = this.#slot.take()) {
      await this.#process(entry);
    }
    this.#running = undefined;
  }

  async #process({ frame, record }: Entry): Promise<void> {
    using _owned = frame;
    try {
      const encoder = await this.#encoderFor(frame);
      const started = performance.now();
      this.#options.compose(frame);
      const composed = performance.now();
      const encoded = await encoder.encode(frame, { keyframe: this.#throttle.take(composed) });
      record.encodeMs = performance.now() - composed;
      this.compose.add(composed - started);
      this.encode.add(record.encodeMs);
      if (encoded === undefined || this.#closed) return;
      if (encoded.keyframe) this.#onKeyframe();
      this.#options.onEncoded(encoded, record);
    } catch (error) {
      this.#failures++;
      this.#options.warn({ error }, 'Frame not encoded; the encoder is opened again');
      this.#pausedUntil = performance.now() + PAUSE_MS;
      this.#closeEncoder();
    }
  }

  #onKeyframe(): void {
    this.#keyFrames++;
    this.#throttle.onKeyframe(performance.now());
  }

  async #encoderFor(frame: VideoFrame): Promise<VideoEncoder> {
    if (this.#encoder?.fits(frame)) return this.#encoder;
    this.#closeEncoder();
    const { codec, maxBitrate } = this.#options;
    const { width, height, matrix } = frame;
    const bitrate = bitrateFor(width, height, maxBitrate);
    this.#encoder = await VideoEncoder.open({
      codec,
      width,
      height,
      matrix,
      bitrate,
      frameRate: 30,
      threads: 1,
    });
    return this.#encoder;
  }

  #closeEncoder(): void {
    this.#encoder?.close();
    this.#encoder = undefined;
  }

  /** Waits for the frame in work, then frees the encoder and the frame that waits. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#slot.close();
    await this.#running;
    this.#closeEncoder();
  }
}
