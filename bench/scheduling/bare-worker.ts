/**
 * The program of a thread that runs a model in a loop, as often as it is told: bare, with nothing before and after it, or
 * with all that an inference worker does to a picture.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { ResolvedModel } from '../../models/manifest.ts';
import { ModelSession } from '../../peer/inference/model-session.ts';
import { Network } from '../../peer/inference/network.ts';
import { pixelSize } from '../../peer/inference/pixel-size.ts';

// As the inference workers do.
if (process.platform === 'linux') setPriority(10);

const FRAME = { width: 640, height: 480 };
const THRESHOLD = 0.4;
const { model, threads } = workerData as { model: ResolvedModel; threads: number };
const { manifest, path } = model;
const session = await ModelSession.load(manifest, path, threads);
const network = await Network.load({ manifest, path, threads });
const { width, height } = pixelSize(manifest, FRAME);
const pixels = new Uint8Array(new SharedArrayBuffer(width * height * 3)).fill(99);
await session.run(() => {});

async function loop({ durationMs, whole }: { durationMs: number; whole: boolean }): Promise<void> {
  const startedAt = performance.now();
  const before = process.threadCpuUsage();
  let runs = 0;
  while (performance.now() - startedAt < durationMs) {
    await (whole ? network.run(pixels, FRAME, THRESHOLD) : session.run(() => {}));
    runs++;
  }
  const { user, system } = process.threadCpuUsage(before);
  const rate = (runs * 1000) / (performance.now() - startedAt);
  parentPort?.postMessage({ rate, cpuMs: (user + system) / 1000 / runs });
}

parentPort?.on('message', (wish: Parameters<typeof loop>[0]) => void loop(wish));
parentPort?.postMessage('ready');
