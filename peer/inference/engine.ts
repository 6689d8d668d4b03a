import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { ModelManifest, ResolvedModel } from '../../models/manifest.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { RunsOn } from '../../protocol/models.ts';
import type { Logger } from '../log.ts';
import { systemClock } from './clock.ts';
import { InferenceWorker } from './inference-worker.ts';
import { type RemoteCounters, sumOf } from './kserve/remote-counters.ts';
import { type Backend, localCpu, type Placement } from './placement.ts';
import { RestartBudget } from './restart-budget.ts';
import { Scheduler } from './scheduler.ts';
import type { SharedInput } from './shared-input.ts';
import type { InferenceSource } from './source.ts';

/** Options of {@link Engine.open}. */
export interface EngineOptions {
  readonly model: ResolvedModel;
  /** Worker threads, each with the model loaded. */
  readonly workers: number;
  /** Threads that one run may use. */
  readonly threads: number;
  /** Where the model is to be run: on the processor where left out. */
  readonly backend?: Backend;
  /** Where it is run has changed; {@link Engine.runsOn} says to what. */
  readonly onPlaced?: () => void;
  readonly log?: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** One stream of frames into an engine. */
export type EngineSource = InferenceSource<SharedInput>;

/** Counters of an engine. */
export interface EngineStats {
  /** Workers that are ready now. */
  readonly workers: number;
  /** Workers that died and were replaced. */
  readonly restarts: number;
  /** Rows of outputs that held NaN or Infinity, as far as the present workers met them. */
  readonly malformed: number;
  /** What became of the runs that were meant for a server, as far as the present workers know. */
  readonly remote: RemoteCounters;
}

/**
 * Runs one model for any number of sources, on threads of its own. The thread it is used on only posts messages; pixels
 * cross in shared memory. A worker that dies is replaced; once that has happened too often, the engine closes itself.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #scheduler: Scheduler<SharedInput>;
  readonly #workers = new Set<InferenceWorker>();
  readonly #budget = new RestartBudget();
  readonly #abort = new AbortController();
  readonly #closed = Promise.withResolvers<string>();
  #posts: Promise<void>[] = [];
  #restarts = 0;
  #runsOn: RunsOn = 'cpu';

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.#scheduler = new Scheduler({
      clock: systemClock,
      inputFor: (runner, request) => (runner as InferenceWorker).input(request),
    });
  }

  /**
   * Starts the workers; resolves when every one has loaded the model and run it once.
   *
   * @throws {SightlineError} `model-unreadable` or `model-contract-mismatch`, naming the file and what to do;
   *   `inference-failed` where a worker could not be started for another reason
   */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    const starts = Array.from({ length: options.workers }, () => engine.#start());
    const failed = (await Promise.allSettled(starts)).find((start) => start.status === 'rejected');
    if (failed) {
      await engine.close('a worker could not be started');
      throw failed.reason;
    }
    engine.#posts = [...engine.#workers].map((worker) => engine.#keepFilled(worker));
    const { id } = options.model.manifest;
    options.log?.info({ model: id, workers: options.workers, threads: options.threads }, 'Model loaded');
    return engine;
  }

  /** The model that it runs. */
  get manifest(): ModelManifest {
    return this.#options.model.manifest;
  }

  /** Where the newest change of any worker left the model. */
  get runsOn(): RunsOn {
    return this.#runsOn;
  }

  /** Resolves with the reason when the engine is closed, by {@link close} or because no worker is left. */
  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  /** Opens a stream of frames; close it when the stream ends. */
  addSource(): EngineSource {
    return this.#scheduler.addSource();
  }

  stats(): EngineStats {
    const malformed = [...this.#workers].reduce((sum, worker) => sum + worker.malformed, 0);
    const remote = sumOf([...this.#workers].map((worker) => worker.remote));
    return { workers: this.#workers.size, restarts: this.#restarts, malformed, remote };
  }

  /** Idempotent; the first reason wins. Frames without a result reject; resolves when no worker thread is left. */
  async close(reason = 'closed by its owner'): Promise<void> {
    this.#shut(reason);
    await Promise.all([...this.#workers].map((worker) => worker.close()));
    await Promise.all(this.#posts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Ends the replacing of workers and every frame. */
  #shut(reason: string): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    const { id } = this.manifest;
    const message = `Cannot run the model ${id}: expected an open engine, found it closed: ${reason}`;
    this.#scheduler.close(new SightlineError('inference-failed', message));
    this.#closed.resolve(reason);
  }

  async #start(): Promise<InferenceWorker> {
    const { model, threads, backend = localCpu } = this.#options;
    const onPlaced = (placement: Placement) => this.#onPlaced(placement);
    const worker = await InferenceWorker.start(model, { threads, backend, onPlaced });
    if (this.#abort.signal.aborted) {
      await worker.close();
      throw new SightlineError(
        'inference-failed',
        'Cannot start a worker: expected an open engine, found it closed',
      );
    }
    this.#workers.add(worker);
    this.#scheduler.addRunner(worker);
    return worker;
  }

  #onPlaced({ model, runsOn, problem }: Placement): void {
    const { log, onPlaced } = this.#options;
    if (problem !== undefined) log?.warn({ model, runsOn, problem }, 'Model not run where it is meant to be');
    else if (runsOn !== this.#runsOn) log?.info({ model, runsOn }, 'Model run where it is meant to be');
    if (model !== this.manifest.id || runsOn === this.#runsOn) return;
    this.#runsOn = runsOn;
    onPlaced?.();
  }

  /** Keeps one of the posts filled until the engine closes or the budget is spent. Never rejects. */
  async #keepFilled(first: InferenceWorker): Promise<void> {
    let worker: InferenceWorker | undefined = first;
    while (worker) {
      const reason: string = await worker.exited;
      this.#scheduler.removeRunner(worker);
      this.#workers.delete(worker);
      worker = this.#abort.signal.aborted ? undefined : await this.#replace(reason);
    }
    if (this.#workers.size === 0) this.#shut('no worker is left');
  }

  async #replace(reason: string): Promise<InferenceWorker | undefined> {
    const { log } = this.#options;
    let cause: unknown = reason;
    for (;;) {
      const waitMs = this.#budget.spend(performance.now());
      if (waitMs === undefined) {
        log?.error({ error: cause }, 'Inference worker given up: replaced too often');
        return undefined;
      }
      log?.warn({ error: cause, waitMs }, 'Inference worker lost: replacing it');
      try {
        await delay(waitMs, undefined, { signal: this.#abort.signal });
        const worker = await this.#start();
        this.#restarts += 1;
        return worker;
      } catch (error) {
        if (this.#abort.signal.aborted) return undefined;
        cause = error;
      }
    }
  }
}
