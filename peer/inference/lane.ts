import type { Found } from '../vision/found.ts';
import type { Clock } from './clock.ts';
import type { FrameJob } from './frame-job.ts';
import { MovingAverage } from './moving-average.ts';
import type { PendingFrame } from './pending-frame.ts';

/** What a worker is asked to look at: the pixels in one of its two inputs. */
export interface RunRequest {
  /** Index of the input. */
  readonly input: number;
  /** Which picture of the input, below the runner's `maxBatch`. */
  readonly slot: number;
  /** Size in pixels of the frame that the input was made from. */
  readonly width: number;
  readonly height: number;
  readonly threshold: number;
}

/** A worker as the scheduler sees it. It does its runs one after the other; at most one waits behind another. */
export interface Runner {
  /** Pictures that one run may take. */
  readonly maxBatch: number;
  /** @returns one answer for each request, in their order */
  run(requests: readonly RunRequest[]): Promise<readonly Found[]>;
}

/** What a lane asks of its scheduler. */
export interface LaneOwner<Input> {
  readonly clock: Clock;
  hasWaiting(): boolean;
  takeNext(): PendingFrame<Input> | undefined;
  /** What the job writes a frame of this size into. */
  inputFor(runner: Runner, request: RunRequest): Input;
  /** What the offerer is told when the job failed because of `cause`. */
  toError(job: FrameJob<Input>, cause: unknown): Error;
}

/** A frame in its place, and what the worker is to be asked of it. */
interface Prepared<Input> {
  readonly frame: PendingFrame<Input>;
  readonly request: RunRequest;
}

/** Deviations that a run may be shorter, and a preparation longer, than on average. */
const CAUTION = 2;
/** Timers fire up to a millisecond late. */
const TIMER_SLACK_MS = 1;

/**
 * Keeps one worker busy without making frames older. It has two inputs: while the worker runs the frame in one, the next
 * frame is prepared in the other, but only so shortly before the worker is expected to be free that preparing it any
 * later would let the worker wait. Until then a newer frame may still take its place.
 */
export class Lane<Input> {
  readonly #owner: LaneOwner<Input>;
  readonly #runner: Runner;
  readonly #runMs = new MovingAverage();
  readonly #prepareMs = new MovingAverage();
  /** Settles, without a value, when the run in progress is over. */
  #run: Promise<void> | undefined;
  #runStartedAt = 0;
  /** A frame is in the other input, or on its way there. */
  #ahead = false;
  #input = 0;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(owner: LaneOwner<Input>, runner: Runner) {
    this.#owner = owner;
    this.#runner = runner;
  }

  /** The worker has nothing to do. */
  get idle(): boolean {
    return this.#run === undefined && !this.#ahead;
  }

  /** Takes the next frames if it is time to, or sees to it that they are taken in time. */
  poke(): void {
    if (this.#closed || this.#ahead || this.#cancelTimer || !this.#owner.hasWaiting()) return;
    const delayMs = this.#timeToPrepare();
    if (delayMs === undefined) return;
    if (delayMs > 0) {
      this.#cancelTimer = this.#owner.clock.after(delayMs, () => this.#takeNext());
      return;
    }
    this.#takeNext();
  }

  /** Idempotent. Takes no more frames; the one in the worker fails when the worker says so. */
  close(): void {
    this.#closed = true;
    this.#disarm();
  }

  /** Milliseconds until the next frame is to be prepared; undefined: when the run in progress is over. */
  #timeToPrepare(): number | undefined {
    if (!this.#run) return 0;
    const runMs = this.#runMs.value;
    const prepareMs = this.#prepareMs.value;
    if (runMs === undefined || prepareMs === undefined) return undefined;
    const elapsedMs = this.#owner.clock.now() - this.#runStartedAt;
    const margin = CAUTION * (this.#runMs.deviation + this.#prepareMs.deviation) + TIMER_SLACK_MS;
    return Math.max(0, runMs - elapsedMs - prepareMs - margin);
  }

  #takeNext(): void {
    this.#disarm();
    if (this.#closed || this.#ahead) return;
    const frames: PendingFrame<Input>[] = [];
    while (frames.length < this.#runner.maxBatch) {
      const frame = this.#owner.takeNext();
      if (!frame) break;
      frames.push(frame);
    }
    if (frames.length > 0) void this.#serve(frames);
  }

  /** Never rejects: whatever goes wrong is the outcome of the frames. */
  async #serve(frames: readonly PendingFrame<Input>[]): Promise<void> {
    const { clock } = this.#owner;
    this.#ahead = true;
    const startedAt = clock.now();
    const prepared = (await Promise.all(frames.map((frame, slot) => this.#prepare(frame, slot)))).flat();
    if (prepared.length > 0) {
      this.#prepareMs.add(clock.now() - startedAt);
      // The worker has it before the run in progress is over, and goes on without waiting for this thread.
      const found = this.#runner.run(prepared.map(({ request }) => request));
      found.catch(() => {});
      await this.#run;
      this.#input = 1 - this.#input;
      this.#run = this.#runModel(
        prepared.map(({ frame }) => frame),
        found,
      );
    }
    this.#ahead = false;
    this.poke();
  }

  /**
   * Never rejects. Nothing comes of a frame that could not be prepared, nor of one whose source was closed meanwhile:
   * nobody wants to know any more.
   */
  async #prepare(frame: PendingFrame<Input>, slot: number): Promise<Prepared<Input>[]> {
    const { width, height, threshold } = frame.job;
    const request = { input: this.#input, slot, width, height, threshold };
    try {
      const input = this.#owner.inputFor(this.#runner, request);
      await frame.prepare(input, () => this.#owner.clock.now());
      return frame.decided ? [] : [{ frame, request }];
    } catch (error) {
      frame.fail(this.#owner.toError(frame.job, error));
      return [];
    } finally {
      frame.release();
    }
  }

  /** Never rejects. */
  async #runModel(frames: readonly PendingFrame<Input>[], run: Promise<readonly Found[]>): Promise<void> {
    const { clock } = this.#owner;
    this.#runStartedAt = clock.now();
    for (const frame of frames) frame.started(this.#runStartedAt);
    try {
      const found = await run;
      const now = clock.now();
      this.#runMs.add(now - this.#runStartedAt);
      for (const [index, frame] of frames.entries()) {
        const answer = found[index];
        if (answer) frame.succeed(answer, now);
        else frame.fail(this.#owner.toError(frame.job, 'no answer'));
      }
    } catch (error) {
      for (const frame of frames) frame.fail(this.#owner.toError(frame.job, error));
    }
    this.#run = undefined;
    // Over sooner than expected: nothing is left to wait for.
    this.#disarm();
    this.poke();
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
