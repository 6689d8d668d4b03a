import type { Codecs } from '../../peer/codec/codecs.ts';
import type { Scaler } from '../../peer/codec/scaler.ts';
import type { VideoFrame } from '../../peer/codec/video-frame.ts';
import type { Engine, EngineSource } from '../../peer/inference/engine.ts';
import type { InferenceResult } from '../../peer/inference/frame-job.ts';
import { SightlineError } from '../../protocol/errors.ts';

/**
 * Has every picture looked at, in order: a picture is handed in once the one before it has been taken, so that none is
 * replaced, and one waits whenever a worker asks.
 */
export class Looker {
  readonly #engine: Engine;
  readonly #source: EngineSource;
  readonly #scaler: Scaler;
  #taken: Promise<void> = Promise.resolve();

  constructor(engine: Engine, codecs: Codecs) {
    this.#engine = engine;
    this.#source = engine.addSource();
    this.#scaler = codecs.newScaler();
  }

  /**
   * Resolves when the picture is handed in; the frame stays the caller's.
   * @returns its result to be: in an object, since a promise of a promise would wait for both
   */
  async look(frame: VideoFrame, threshold: number): Promise<{ readonly result: Promise<InferenceResult> }> {
    await this.#taken;
    const shared = frame.share();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#taken = promise;
    const offered = this.#source.offer({
      width: frame.width,
      height: frame.height,
      threshold,
      prepare: ({ width, height, pixels, stride }) =>
        this.#scaler.scale(shared, width, height, pixels, stride),
      release: () => {
        shared.close();
        resolve();
      },
    });
    const result = offered.then((found) => found ?? this.#notLooked());
    // Whoever gets it may wait for others first.
    result.catch(() => {});
    return { result };
  }

  /** Waits until no picture is held any more. */
  async close(): Promise<void> {
    this.#source.close();
    await this.#taken;
    this.#scaler.close();
  }

  #notLooked(): never {
    const { id } = this.#engine.manifest;
    throw new SightlineError(
      'inference-failed',
      `Cannot run the model ${id}: expected it open, found it closed`,
    );
  }
}
