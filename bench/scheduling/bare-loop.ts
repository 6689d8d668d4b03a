import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ResolvedModel } from '../../models/manifest.ts';

/** What a loop made of the thread. */
export interface LoopRate {
  /** Runs a second. */
  readonly rate: number;
  /** Processor time of a run in milliseconds; what others do on the machine hardly changes it. */
  readonly cpuMs: number;
}

/** What ONNX Runtime alone does with a model, in a thread of the same kind as those of the engine. */
export class BareLoop implements AsyncDisposable {
  readonly #thread: Worker;

  static async start(model: ResolvedModel, threads: number): Promise<BareLoop> {
    const thread = new Worker(new URL('./bare-worker.ts', import.meta.url), {
      workerData: { model, threads },
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    await once(thread, 'message');
    return new BareLoop(thread);
  }

  private constructor(thread: Worker) {
    this.#thread = thread;
  }

  /** @param whole with the tensor before each run and the boxes after it, as an inference worker */
  async run(durationMs: number, whole = false): Promise<LoopRate> {
    this.#thread.postMessage({ durationMs, whole });
    const [rate] = await once(this.#thread, 'message');
    return rate as LoopRate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate();
  }
}
