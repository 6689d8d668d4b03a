import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ResolvedModel } from '../../models/manifest.ts';

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

  /** @returns runs a second */
  async run(durationMs: number): Promise<number> {
    this.#thread.postMessage(durationMs);
    const [rate] = await once(this.#thread, 'message');
    return rate as number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate();
  }
}
