import { Worker } from 'node:worker_threads';
import type { ResolvedModel } from '../../models/manifest.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { Found } from '../vision/found.ts';
import { noRemoteRuns, type RemoteCounters } from './kserve/remote-counters.ts';
import type { Runner, RunRequest } from './lane.ts';
import type { WorkerReport, WorkerSetup } from './messages.ts';
import { largestPixelSize, pixelSize } from './pixel-size.ts';
import type { Backend, Placement } from './placement.ts';
import type { SharedInput } from './shared-input.ts';

/** A run leaves little behind; with more room V8 would let it pile up before it looks. */
const YOUNG_GENERATION_MB = 8;

/** Options of {@link InferenceWorker.start}. */
export interface InferenceWorkerOptions {
  readonly threads: number;
  readonly backend: Backend;
  /** Where a model of the worker is run from now on; called before the worker is ready, and later when that changes. */
  readonly onPlaced: (placement: Placement) => void;
}

/** The engine's end of one worker thread: its two shared inputs, and the runs it was asked for. */
export class InferenceWorker implements Runner {
  /** Resolves, with the reason in words, when the thread is gone, whatever ended it. */
  readonly exited: Promise<string>;
  readonly #model: ResolvedModel;
  readonly #thread: Worker;
  readonly #inputs: WorkerSetup['inputs'];
  readonly maxBatch: number;
  /** From one picture of an input to the next. */
  readonly #slotBytes: number;
  /** Of what it has been asked and not answered, in order: two runs at most. */
  readonly #answers: PromiseWithResolvers<WorkerReport>[] = [];
  #exitReason: string | undefined;
  #malformed = 0;
  #remote: RemoteCounters = noRemoteRuns();

  private constructor(model: ResolvedModel, { threads, backend, onPlaced }: InferenceWorkerOptions) {
    const { manifest, path, second } = model;
    const largest = largestPixelSize(manifest);
    this.#slotBytes = largest.width * largest.height * 3;
    // A server makes batches of its own, and of two models each looks at another number of things.
    this.maxBatch = backend.kserve || second ? 1 : (manifest.input.maxBatch ?? 1);
    const bytes = this.#slotBytes * this.maxBatch;
    this.#model = model;
    this.#inputs = [new SharedArrayBuffer(bytes), new SharedArrayBuffer(bytes)];
    const workerData: WorkerSetup = {
      manifest,
      path,
      ...(second && { second }),
      threads,
      backend,
      inputs: this.#inputs,
      maxBatch: this.maxBatch,
    };
    this.#thread = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      name: 'inference',
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#thread.on('message', (report: WorkerReport) => {
      if (report.kind === 'placed') onPlaced(report.placement);
      else this.#answers.shift()?.resolve(report);
    });
    this.exited = this.#watch();
  }

  /**
   * Starts a thread and waits until it has loaded the model and run it once.
   *
   * @throws {SightlineError} `model-unreadable`, `model-contract-mismatch`, `inference-failed`
   */
  static async start(model: ResolvedModel, options: InferenceWorkerOptions): Promise<InferenceWorker> {
    const worker = new InferenceWorker(model, options);
    try {
      await worker.#nextReport();
      return worker;
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  /** Rows of outputs so far that held NaN or Infinity. */
  get malformed(): number {
    return this.#malformed;
  }

  /** What became of its runs that were meant for a server. */
  get remote(): RemoteCounters {
    return this.#remote;
  }

  /** What a frame is written into before a run with this request. */
  input({ input, slot, ...frame }: RunRequest): SharedInput {
    const { width, height } = pixelSize(this.#model.manifest, frame);
    const stride = width * 3;
    const buffer = this.#inputs[input === 0 ? 0 : 1];
    const pixels = new Uint8Array(buffer, slot * this.#slotBytes, stride * height);
    return { pixels, width, height, stride };
  }

  /** @throws {SightlineError} `inference-failed` when the model could not be run or the thread ended */
  async run(requests: readonly RunRequest[]): Promise<readonly Found[]> {
    const answer = this.#nextReport();
    this.#thread.postMessage(requests);
    const report = await answer;
    if (report.kind !== 'found') return [];
    for (const { malformed } of report.found) this.#malformed += malformed;
    if (report.remote) this.#remote = report.remote;
    return report.found;
  }

  /**
   * Idempotent. Lets a run in progress come to its end first: a thread that is terminated inside the native call takes
   * the whole process down with it (an uncaught Napi::Error, onnxruntime-node 1.30).
   */
  async close(): Promise<void> {
    await Promise.allSettled(this.#answers.map(({ promise }) => promise));
    await this.#thread.terminate();
  }

  async #nextReport(): Promise<WorkerReport> {
    if (this.#exitReason !== undefined) throw this.#lost(this.#exitReason);
    const answer = Promise.withResolvers<WorkerReport>();
    this.#answers.push(answer);
    const report = await answer.promise;
    if (report.kind === 'refused') throw new SightlineError(report.code, report.message);
    return report;
  }

  #watch(): Promise<string> {
    let failure = '';
    this.#thread.on('error', (error) => {
      failure = `: ${error instanceof Error ? error.message : String(error)}`;
    });
    return new Promise((resolve) => {
      this.#thread.once('exit', (code) => {
        this.#exitReason = `it ended with code ${code}${failure}`;
        const lost = this.#lost(this.#exitReason);
        for (const answer of this.#answers.splice(0)) answer.reject(lost);
        resolve(this.#exitReason);
      });
    });
  }

  #lost(reason: string): SightlineError {
    const { id } = this.#model.manifest;
    return new SightlineError(
      'inference-failed',
      `Cannot run the model ${id}: expected its worker to answer, found that ${reason}`,
    );
  }
}
