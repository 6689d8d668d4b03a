import type { FrameJob, InferenceResult } from './frame-job.ts';
import { PendingFrame } from './pending-frame.ts';

/** What a source tells its scheduler. */
export interface SourceOwner<Input> {
  now(): number;
  /** A frame may be taken. */
  frameReady(): void;
  sourceClosed(source: InferenceSource<Input>): void;
}

/**
 * One stream of frames, for example a camera track. At most one of its frames waits, the newest: offering a frame
 * replaces the one that waits (drop policy: newest wins, counted in {@link replaced}).
 */
export class InferenceSource<Input> {
  readonly #owner: SourceOwner<Input>;
  /** The newest-frame slot. */
  #waiting: PendingFrame<Input> | undefined;
  /** Taken by workers and not settled yet, in the order of their offers; never more than two a worker. */
  readonly #taken: PendingFrame<Input>[] = [];
  #closed: { readonly reason: Error | undefined } | undefined;
  #replaced = 0;

  constructor(owner: SourceOwner<Input>) {
    this.#owner = owner;
  }

  /** Frames that never reached a worker because a newer one came. */
  get replaced(): number {
    return this.#replaced;
  }

  /** A frame waits, and may be taken: a scaler can do one frame of a track at a time, however many workers are idle. */
  get ready(): boolean {
    return this.#waiting !== undefined && this.#taken.every((frame) => frame.released);
  }

  /**
   * Offers the newest frame. The results of one source settle in the order of their offers, each after `release`.
   *
   * @returns The result, or undefined where there will be none: the frame was replaced, or the source was closed.
   * @throws {SightlineError} `inference-failed` when the frame could not be prepared or run, or the engine closed;
   *   what `prepare` threw where that is a SightlineError.
   */
  offer(job: FrameJob<Input>): Promise<InferenceResult | undefined> {
    const frame = new PendingFrame(job, this.#owner.now());
    if (this.#closed) {
      this.#discard(frame, this.#closed.reason);
      return frame.promise;
    }
    if (this.#waiting) {
      this.#replaced += 1;
      this.#discard(this.#waiting);
    }
    this.#waiting = frame;
    this.#owner.frameReady();
    return frame.promise;
  }

  /** Hands the waiting frame to a worker; for the scheduler. */
  take(): PendingFrame<Input> | undefined {
    const frame = this.#waiting;
    if (!frame) return undefined;
    this.#waiting = undefined;
    this.#taken.push(frame);
    frame.take(() => this.#onProgress());
    return frame;
  }

  /**
   * Idempotent. Frames without a result resolve to undefined; what a worker still finds in one of them is thrown away.
   * With a reason, the engine's own way to close, they reject with it instead.
   */
  close(reason?: Error): void {
    if (this.#closed) return;
    this.#closed = { reason };
    if (this.#waiting) this.#discard(this.#waiting, reason);
    this.#waiting = undefined;
    // A taken frame keeps its pixels until its preparation is over; only its outcome is decided now.
    for (const frame of [...this.#taken]) decide(frame, reason);
    this.#owner.sourceClosed(this);
  }

  #discard(frame: PendingFrame<Input>, reason?: Error): void {
    frame.release();
    decide(frame, reason);
    frame.settle();
  }

  #onProgress(): void {
    while (this.#taken[0]?.finished) this.#taken.shift()?.settle();
    if (this.ready) this.#owner.frameReady();
  }
}

function decide(frame: PendingFrame<unknown>, reason: Error | undefined): void {
  if (reason === undefined) frame.drop();
  else frame.fail(reason);
}
