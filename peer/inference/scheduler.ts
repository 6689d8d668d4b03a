import { SightlineError } from '../../protocol/errors.ts';
import type { Clock } from './clock.ts';
import type { FrameJob } from './frame-job.ts';
import { Lane, type LaneOwner, type Runner, type RunRequest } from './lane.ts';
import type { PendingFrame } from './pending-frame.ts';
import { InferenceSource, type SourceOwner } from './source.ts';

/** Options of {@link Scheduler}. */
export interface SchedulerOptions<Input> {
  readonly clock: Clock;
  /** What a frame of the requested size is written into, so that the runner finds it. */
  readonly inputFor: (runner: Runner, request: RunRequest) => Input;
}

/**
 * Brings the newest frames of all sources to the workers: the earliest deadline first. The deadline is that of the source,
 * which is owed a look since it was last served, not that of the frame: however often a source offers it gets its share
 * and no more, and one that offers seldom is served before those that always have a frame.
 */
export class Scheduler<Input> {
  /** In the order in which they were last served, the one served longest ago first. */
  readonly #sources = new Set<InferenceSource<Input>>();
  readonly #lanes = new Map<Runner, Lane<Input>>();
  readonly #owner: LaneOwner<Input> & SourceOwner<Input>;
  #closed: Error | undefined;

  constructor({ clock, inputFor }: SchedulerOptions<Input>) {
    this.#owner = {
      clock,
      inputFor,
      toError,
      now: () => clock.now(),
      frameReady: () => this.#dispatch(),
      sourceClosed: (source) => this.#sources.delete(source),
      hasWaiting: () => this.#next() !== undefined,
      takeNext: () => this.#takeNext(),
    };
  }

  /** A new source is served before all others. */
  addSource(): InferenceSource<Input> {
    const source = new InferenceSource(this.#owner);
    if (this.#closed) {
      source.close(this.#closed);
      return source;
    }
    const others = [...this.#sources];
    this.#sources.clear();
    for (const each of [source, ...others]) this.#sources.add(each);
    return source;
  }

  /** A worker is ready; from now on it is given frames. */
  addRunner(runner: Runner): void {
    const lane = new Lane(this.#owner, runner);
    this.#lanes.set(runner, lane);
    lane.poke();
  }

  /** A worker is gone; frames that wait are left to the others. */
  removeRunner(runner: Runner): void {
    this.#lanes.get(runner)?.close();
    this.#lanes.delete(runner);
  }

  /** Idempotent. Every frame without a result, and every one offered from now on, rejects with the error. */
  close(error: Error): void {
    if (this.#closed) return;
    this.#closed = error;
    for (const source of [...this.#sources]) source.close(error);
    for (const runner of [...this.#lanes.keys()]) this.removeRunner(runner);
  }

  /** An idle worker first: one that is busy would only take the frame later. */
  #dispatch(): void {
    const lanes = [...this.#lanes.values()];
    const idle = lanes.find((lane) => lane.idle);
    if (idle) idle.poke();
    else for (const lane of lanes) lane.poke();
  }

  #takeNext(): PendingFrame<Input> | undefined {
    const source = this.#next();
    if (!source) return undefined;
    this.#sources.delete(source);
    this.#sources.add(source);
    return source.take();
  }

  /** Of the sources that are ready, the one served longest ago. */
  #next(): InferenceSource<Input> | undefined {
    for (const source of this.#sources) if (source.ready) return source;
    return undefined;
  }
}

function toError<Input>({ width, height }: FrameJob<Input>, cause: unknown): Error {
  if (cause instanceof SightlineError) return cause;
  const found = cause instanceof Error ? cause.message : String(cause);
  return new SightlineError(
    'inference-failed',
    `Cannot look for objects in a frame of ${width}×${height}: expected its pixels and a run of the model, found: ${found}`,
    { cause },
  );
}
