import { NativeScaler } from '../../peer/codec/native/scaler.ts';
import type { NativeVideoFrame } from '../../peer/codec/native/video-frame.ts';
import type { EngineSource } from '../../peer/inference/engine.ts';

/** What became of the frames of one camera. */
export interface CameraTally {
  /** Milliseconds that each frame with a result waited. */
  readonly waits: number[];
  /** Milliseconds that each of them took to be scaled. */
  readonly preparations: number[];
  /** Milliseconds that each of them was the worker's. */
  readonly runs: number[];
  /** Monotonic milliseconds at which the results came. */
  readonly resultsAt: number[];
}

/** Offers a picture to the engine at a steady rate, as a camera track does. */
export class Camera {
  readonly #source: EngineSource;
  readonly #picture: NativeVideoFrame;
  readonly #scaler = new NativeScaler();
  readonly #pending = new Set<Promise<void>>();
  #tally = emptyTally();
  #timer: NodeJS.Timeout | undefined;

  /** @param picture stays the caller's */
  constructor(source: EngineSource, picture: NativeVideoFrame) {
    this.#source = source;
    this.#picture = picture;
  }

  /** @param delayMs until the first frame: cameras are not in step. */
  start(rate: number, delayMs: number): void {
    this.#tally = emptyTally();
    const startsAt = performance.now() + delayMs;
    let count = 0;
    // A timer for each frame, against the clock: intervals drift.
    const next = () => {
      if (count > 0) this.#offer();
      this.#timer = setTimeout(next, Math.max(0, startsAt + (count++ * 1000) / rate - performance.now()));
    };
    next();
  }

  /** Resolves once no frame is on its way. */
  async stop(): Promise<CameraTally> {
    clearTimeout(this.#timer);
    await Promise.all(this.#pending);
    return this.#tally;
  }

  async close(): Promise<void> {
    this.#source.close();
    await this.stop();
    this.#scaler.close();
  }

  #offer(): void {
    const offer = this.#follow().finally(() => this.#pending.delete(offer));
    this.#pending.add(offer);
  }

  async #follow(): Promise<void> {
    const { width, height } = this.#picture;
    const tally = this.#tally;
    const result = await this.#source.offer({
      width,
      height,
      threshold: 0.4,
      prepare: (input) =>
        this.#scaler.scale(this.#picture, input.width, input.height, input.pixels, input.stride),
      release: () => {},
    });
    if (!result) return;
    tally.waits.push(result.timings.wait);
    tally.preparations.push(result.timings.prepare);
    tally.runs.push(result.timings.infer);
    tally.resultsAt.push(performance.now());
  }
}

function emptyTally(): CameraTally {
  return { waits: [], preparations: [], runs: [], resultsAt: [] };
}
