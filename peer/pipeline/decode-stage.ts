import type { VideoDecoder } from '../codec/decoder.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { Logger } from '../log.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import type { AccessUnit } from '../rtp/packet.ts';
import type { FrameRecord } from './frame-record.ts';

/** A quarter of a second at 30 frames a second. A decoder further behind than that starts again at a key frame. */
const MAX_WAITING = 8;

export interface DecodeStageOptions {
  readonly decoder: VideoDecoder;
  /** Takes over the frame. */
  readonly onFrame: (frame: VideoFrame, record: FrameRecord) => void;
  /** The decoder needs a key frame to go on: a unit was corrupt, or the queue was full and was thrown away. */
  readonly onBroken: () => void;
  readonly log: Logger;
  readonly warn: RateLimitedWarning;
}

/** Decodes whole frames one after the other, in the codec lane. Every frame has to go through: later ones refer to it. */
export class DecodeStage {
  readonly #options: DecodeStageOptions;
  readonly #waiting: AccessUnit[] = [];
  /** Something was lost here: what comes before the next key frame refers to it, and would be decoded into a wrong picture. */
  #awaitsKeyframe = false;
  #running: Promise<void> | undefined;
  #closed = false;
  #decoded = 0;
  #overflows = 0;
  #failures = 0;

  constructor(options: DecodeStageOptions) {
    this.#options = options;
  }

  get decoded(): number {
    return this.#decoded;
  }

  /** How often the queue was full and thrown away. */
  get overflows(): number {
    return this.#overflows;
  }

  get failures(): number {
    return this.#failures;
  }

  push(unit: AccessUnit): void {
    if (this.#closed) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#overflows++;
      this.#waiting.length = 0;
      // A key frame needs nothing of what was thrown away.
      if (!unit.keyframe) this.#breakOff();
    }
    // Units that were whole already when a key frame was asked for still come.
    if (this.#awaitsKeyframe && !unit.keyframe) return;
    this.#awaitsKeyframe = false;
    this.#waiting.push(unit);
    this.#running ??= this.#run();
  }

  /** Goes on at the next key frame: one that waits, else one that is asked for. */
  #breakOff(): void {
    const keyframe = this.#waiting.findIndex((unit) => unit.keyframe);
    this.#waiting.splice(0, keyframe < 0 ? this.#waiting.length : keyframe);
    if (keyframe >= 0) return;
    this.#awaitsKeyframe = true;
    this.#options.onBroken();
  }

  async #run(): Promise<void> {
    for (let unit = this.#waiting.shift(); unit && !this.#closed; unit = this.#waiting.shift()) {
      await this.#decode(unit);
    }
    this.#running = undefined;
  }

  async #decode(unit: AccessUnit): Promise<void> {
    let frame: VideoFrame | undefined;
    try {
      frame = await this.#options.decoder.decode(unit);
    } catch (error) {
      this.#failures++;
      this.#options.log.debug({ error }, 'Frame not decoded');
      this.#breakOff();
    }
    if (frame !== undefined) this.#handOver(frame, unit.arrivedAt);
  }

  #handOver(frame: VideoFrame, arrivedAt: number): void {
    if (this.#closed) {
      frame.close();
      return;
    }
    this.#decoded++;
    const { timestamp } = frame;
    try {
      this.#options.onFrame(frame, {
        timestamp,
        arrivedAt,
        decodedAt: performance.now(),
        encodeMs: undefined,
      });
    } catch (error) {
      frame.close();
      this.#options.warn({ error }, 'Frame not taken');
    }
  }

  /** Waits for the frame in work, then frees the decoder. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    await this.#running;
    this.#options.decoder.close();
  }
}
