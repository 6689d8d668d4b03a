import { SightlineError } from '../../protocol/errors.ts';
import type { Scaler } from '../codec/scaler.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { EngineSource } from '../inference/engine.ts';
import type { InferenceResult } from '../inference/frame-job.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import type { FrameRecord } from './frame-record.ts';
import { LookHealth, type LookState } from './look-health.ts';
import { Recent } from './recent.ts';

/** A result and the frame that it is of. */
export interface Analysed {
  readonly result: InferenceResult;
  readonly record: FrameRecord;
  readonly size: { readonly width: number; readonly height: number };
}

export interface AnalysisStageOptions {
  readonly source: EngineSource;
  readonly scaler: Scaler;
  /** Asked for each frame: it may change while the call runs. */
  readonly threshold: () => number;
  readonly onResult: (analysed: Analysed) => void;
  /** Whether the model fails again and again has changed, or is known for the first time. */
  readonly onState: (state: LookState, cause: unknown) => void;
  /**
   * Takes over a frame that was kept for its result: after `onResult`, or where the frame could not be looked at. One
   * that a newer frame replaced is closed instead.
   */
  readonly onExamined: (kept: VideoFrame, record: FrameRecord) => void;
  readonly warn: RateLimitedWarning;
}

/** Offers frames to the model; the model takes the newest whenever it is free. */
export class AnalysisStage {
  readonly #options: AnalysisStageOptions;
  readonly wait = new Recent();
  readonly infer = new Recent();
  readonly #health = new LookHealth();
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

  /** Frames that wait or are looked at now. */
  get pending(): number {
    return this.#pending;
  }

  get failures(): number {
    return this.#failures;
  }

  /**
   * Takes over the frame.
   * @param kept taken over as well, until the result is known
   */
  push(frame: VideoFrame, record: FrameRecord, kept?: VideoFrame): void {
    if (this.#closed) {
      frame.close();
      kept?.close();
      return;
    }
    this.#pending++;
    void this.#analyse(frame, record, kept);
  }

  async #analyse(frame: VideoFrame, record: FrameRecord, kept: VideoFrame | undefined): Promise<void> {
    const { source, scaler, threshold } = this.#options;
    const size = { width: frame.width, height: frame.height };
    let examined = true;
    try {
      const result = await source.offer({
        ...size,
        threshold: threshold(),
        prepare: ({ width, height, pixels, stride }) => scaler.scale(frame, width, height, pixels, stride),
        release: () => frame.close(),
      });
      if (result === undefined) examined = false;
      else this.#onResult({ result: meaningful(result), record, size });
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#pass(kept, record, examined);
      this.#settle();
    }
  }

  #onResult(analysed: Analysed): void {
    if (this.#closed) return;
    const { wait, prepare, infer } = analysed.result.timings;
    this.#results++;
    this.wait.add(wait);
    this.infer.add(prepare + infer);
    this.#look(true);
    this.#options.onResult(analysed);
  }

  #pass(kept: VideoFrame | undefined, record: FrameRecord, examined: boolean): void {
    if (kept === undefined) return;
    if (examined && !this.#closed) this.#options.onExamined(kept, record);
    else kept.close();
  }

  #onFailure(error: unknown): void {
    if (this.#closed) return;
    this.#failures++;
    this.#options.warn({ error }, 'Frame not analysed');
    this.#look(false, error);
  }

  #look(succeeded: boolean, cause?: unknown): void {
    const state = this.#health.push(succeeded);
    if (state !== undefined) this.#options.onState(state, cause);
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

/**
 * Nothing found beside outputs that are no numbers is no sign that nothing is there.
 * @throws SightlineError `inference-failed`
 */
function meaningful(result: InferenceResult): InferenceResult {
  if (result.malformed === 0 || result.objects.length > 0) return result;
  throw new SightlineError(
    'inference-failed',
    `Cannot read what the model found: expected numbers, found NaN or Infinity in ${result.malformed} rows`,
  );
}
