import type { Scaler } from '../codec/scaler.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { EngineSource } from '../inference/engine.ts';
import type { InferenceResult } from '../inference/frame-job.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import type { FrameRecord } from './frame-record.ts';
import { Recent } from './recent.ts';

export interface AnalysisStageOptions {
  readonly source: EngineSource;
  readonly scaler: Scaler;
  /** Asked for each frame: it may change while the call runs. */
  readonly threshold: () => number;
  readonly onResult: (
    result: InferenceResult,
    record: FrameRecord,
    size: { width: number; height: number },
  ) => void;
  readonly warn: RateLimitedWarning;
}

/** Offers every frame to the model; the model takes the newest whenever it is free. */
export class AnalysisStage {
  readonly #options: AnalysisStageOptions;
  readonly wait = new Recent();
  readonly infer = new Recent();
  #pending = 0;
  #idle = Promise.withResolvers<void>();
  #closed = false;
  #results = 0;
  #failures = 0;

  constructor(options: AnalysisStageOptions) {
    this.#options = options;
  }

  get results(): number {
    return this.#results;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Takes over the frame. */
  push(frame: VideoFrame, record: FrameRecord): void {
    if (this.#closed) {
      frame.close();
      return;
    }
    this.#pending++;
    void this.#analyse(frame, record);
  }

  async #analyse(frame: VideoFrame, record: FrameRecord): Promise<void> {
    const { source, scaler, threshold } = this.#options;
    const size = { width: frame.width, height: frame.height };
    try {
      const result = await source.offer({
        ...size,
        threshold: threshold(),
        prepare: ({ width, height, pixels, stride }) => scaler.scale(frame, width, height, pixels, stride),
        release: () => frame.close(),
      });
      this.#onResult(result, record, size);
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#settle();
    }
  }

  #onResult(
    result: InferenceResult | undefined,
    record: FrameRecord,
    size: { width: number; height: number },
  ): void {
    if (result === undefined || this.#closed) return;
    this.#results++;
    this.wait.add(result.timings.wait);
    this.infer.add(result.timings.prepare + result.timings.infer);
    this.#options.onResult(result, record, size);
  }

  #onFailure(error: unknown): void {
    if (this.#closed) return;
    this.#failures++;
    this.#options.warn({ error }, 'Frame not analysed');
  }

  #settle(): void {
    this.#pending--;
    if (this.#pending === 0) this.#idle.resolve();
  }

  /** Waits until no frame is held any more, then frees the scaler. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#options.source.close();
    if (this.#pending > 0) {
      this.#idle = Promise.withResolvers();
      await this.#idle.promise;
    }
    this.#options.scaler.close();
  }
}
