/** The program of a thread that runs a model in a bare loop, as often as it is told, with nothing before and after it. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { ResolvedModel } from '../../models/manifest.ts';
import { ModelSession } from '../../peer/inference/model-session.ts';

// As the inference workers do.
if (process.platform === 'linux') setPriority(10);

const { model, threads } = workerData as { model: ResolvedModel; threads: number };
const session = await ModelSession.load(model.manifest, model.path, threads);
await session.run(() => {});
async function loop(durationMs: number): Promise<void> {
  const startedAt = performance.now();
  let runs = 0;
  while (performance.now() - startedAt < durationMs) {
    await session.run(() => {});
    runs++;
  }
  parentPort?.postMessage((runs * 1000) / (performance.now() - startedAt));
}

parentPort?.on('message', (durationMs: number) => void loop(durationMs));
parentPort?.postMessage('ready');
