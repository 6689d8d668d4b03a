import type { Found } from '../vision/found.ts';
import type { FrameJob, InferenceResult } from './frame-job.ts';

type Outcome = { readonly result: InferenceResult | undefined } | { readonly reason: Error };

/** One frame from its offer to its outcome: notes when each step began and keeps the promise made to the offerer. */
export class PendingFrame<Input> {
  readonly job: FrameJob<Input>;
  readonly #promise = Promise.withResolvers<InferenceResult | undefined>();
  readonly #offeredAt: number;
  #prepareStartedAt = 0;
  #preparedAt = 0;
  #runStartedAt = 0;
  #released = false;
  #outcome: Outcome | undefined;
  #onProgress: (() => void) | undefined;

  constructor(job: FrameJob<Input>, now: number) {
    this.job = job;
    this.#offeredAt = now;
  }

  /** Settles with {@link settle}. */
  get promise(): Promise<InferenceResult | undefined> {
    return this.#promise.promise;
  }

  /** The outcome is known, though nobody may have been told yet. */
  get decided(): boolean {
    return this.#outcome !== undefined;
  }

  /** Its pixels are no longer needed. */
  get released(): boolean {
    return this.#released;
  }

  /** Decided and released; the promise may still wait for frames offered before. */
  get finished(): boolean {
    return this.#outcome !== undefined && this.#released;
  }

  /** Marks the frame as taken; `onProgress` is called when it has been {@link released} and {@link decided}. */
  take(onProgress: () => void): void {
    this.#onProgress = onProgress;
  }

  /** Writes the pixels into the input and lets go of the frame, whether that went well or not. */
  async prepare(input: Input, now: () => number): Promise<void> {
    this.#prepareStartedAt = now();
    try {
      await this.job.prepare(input);
    } finally {
      this.release();
    }
    this.#preparedAt = now();
  }

  started(now: number): void {
    this.#runStartedAt = now;
  }

  /** The worker has answered. */
  succeed({ objects, mask, malformed }: Found, now: number): void {
    const untilTaken = this.#prepareStartedAt - this.#offeredAt;
    const untilRun = this.#runStartedAt - this.#preparedAt;
    const timings = {
      wait: untilTaken + untilRun,
      prepare: this.#preparedAt - this.#prepareStartedAt,
      infer: now - this.#runStartedAt,
    };
    this.#finish({ result: { objects, ...(mask && { mask }), malformed, timings } });
  }

  /** There will be no result, and that is an error. */
  fail(reason: Error): void {
    this.#finish({ reason });
  }

  /** There will be no result, and that is as it should be: replaced, or its source closed. */
  drop(): void {
    this.#finish({ result: undefined });
  }

  /** Keeps the promise. Only after the frame has finished; further calls change nothing. */
  settle(): void {
    if (!this.#outcome) return;
    if ('reason' in this.#outcome) this.#promise.reject(this.#outcome.reason);
    else this.#promise.resolve(this.#outcome.result);
  }

  /** Tells the offerer, once, that its pixels are free. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    try {
      this.job.release();
    } finally {
      this.#onProgress?.();
    }
  }

  #finish(outcome: Outcome): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    this.#onProgress?.();
  }
}
