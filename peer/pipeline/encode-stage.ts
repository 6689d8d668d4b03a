import type { Codecs } from '../codec/codecs.ts';
import type { EncodedFrame, VideoEncoder } from '../codec/encoder.ts';
import type { FrameResizer } from '../codec/frame-resizer.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import type { Quality } from '../rtp/congestion/quality-ladder.ts';
import { KeyframeThrottle } from '../rtp/keyframe-throttle.ts';
import type { VideoCodec } from '../rtp/packet.ts';
import type { FrameRecord } from './frame-record.ts';
import { NewestSlot } from './newest-slot.ts';
import { Recent } from './recent.ts';

interface Entry {
  readonly frame: VideoFrame;
  readonly record: FrameRecord;
  readonly quality: Quality;
}

/** After a failure the encoder rests: opening it again for each frame would cost more than it brings. */
const PAUSE_MS = 1000;

export interface EncodeStageOptions {
  readonly codecs: Codecs;
  readonly codec: VideoCodec;
  /** Bytes that a NAL unit of H.264 may have, for packets that cannot hold fragments. */
  readonly maxNalBytes?: number;
  /** Between two key frames that are asked for; that of {@link KeyframeThrottle} when left out. */
  readonly keyframeIntervalMs?: number;
  /** What the way back allows for this frame; asked for each. */
  readonly quality: (frame: VideoFrame) => Quality;
  /** Whether so much waits to be sent that no frame is to be encoded now. */
  readonly overflowing: () => boolean;
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
  readonly #throttle: KeyframeThrottle;
  readonly compose = new Recent();
  readonly encode = new Recent();
  readonly #resizer: FrameResizer;
  #encoder: VideoEncoder | undefined;
  #bitrate = 0;
  #offered = 0;
  #thinned = 0;
  #running: Promise<void> | undefined;
  #closed = false;
  #pausedUntil = 0;
  #keyFrames = 0;
  #failures = 0;

  constructor(options: EncodeStageOptions) {
    this.#options = options;
    const intervalMs = options.keyframeIntervalMs;
    this.#throttle = new KeyframeThrottle(intervalMs === undefined ? {} : { intervalMs });
    this.#resizer = options.codecs.newResizer();
  }

  /** Frames that a newer one replaced before they were encoded: we did not keep up. */
  get replaced(): number {
    return this.#slot.replaced;
  }

  /** Frames that were decoded and never encoded. */
  get skipped(): number {
    return this.#slot.replaced + this.#thinned;
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
    const quality = this.#options.quality(frame);
    if (this.#offered++ % quality.frameRateDivisor !== 0 || this.#options.overflowing()) {
      this.#thinned++;
      frame.close();
      return;
    }
    this.#slot.put({ frame, record, quality });
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    for (let entry = this.#slot.take(); entry && !this.#closed; entry = this.#slot.take()) {
      await this.#process(entry);
    }
    this.#running = undefined;
  }

  async #process({ frame, record, quality }: Entry): Promise<void> {
    using _owned = frame;
    try {
      using sized = await this.#resize(frame, quality.scale);
      if (sized === undefined) return;
      const encoder = await this.#encoderFor(sized, quality.bitrate);
      const started = performance.now();
      this.#options.compose(sized);
      const composed = performance.now();
      const encoded = await encoder.encode(sized, { keyframe: this.#throttle.take(composed) });
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

  async #resize(frame: VideoFrame, scale: number): Promise<VideoFrame | undefined> {
    if (scale === 1) return frame.share();
    return this.#resizer.resize(frame, evenAtLeast2(frame.width * scale), evenAtLeast2(frame.height * scale));
  }

  #onKeyframe(): void {
    this.#keyFrames++;
    this.#throttle.onKeyframe(performance.now());
  }

  async #encoderFor(frame: VideoFrame, bitrate: number): Promise<VideoEncoder> {
    if (this.#encoder?.fits(frame)) {
      if (bitrate !== this.#bitrate) this.#encoder.setBitrate(bitrate);
      this.#bitrate = bitrate;
      return this.#encoder;
    }
    this.#closeEncoder();
    const { codecs, codec, maxNalBytes } = this.#options;
    const { width, height, matrix } = frame;
    this.#bitrate = bitrate;
    const limit = maxNalBytes === undefined ? {} : { maxNalBytes };
    const options = { codec, width, height, matrix, bitrate, frameRate: 30, threads: 1, ...limit };
    this.#encoder = await codecs.openEncoder(options);
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
    this.#resizer.close();
  }
}

function evenAtLeast2(pixels: number): number {
  return Math.max(2, 2 * Math.round(pixels / 2));
}
