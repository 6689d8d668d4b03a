/**
 * The program of an inference worker: loads one model, says `ready` or `refused`, then answers each request with what
 * the model found in one of the two shared inputs. It ends when the engine terminates it.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { SightlineError } from '../../protocol/errors.ts';
import { noRemoteRuns } from './kserve/remote-counters.ts';
import type { RunRequest } from './lane.ts';
import type { WorkerReport, WorkerSetup } from './messages.ts';
import { Network } from './network.ts';

/**
 * Of this thread and those that ONNX Runtime starts from it: codecs and packets go first, a result may wait. Linux alone
 * takes the number of a process for that of the calling thread (setpriority(2)).
 */
const NICENESS = 10;
if (process.platform === 'linux') setPriority(NICENESS);

const setup = workerData as WorkerSetup;
const { backend, maxBatch } = setup;
const counters = noRemoteRuns();
const inputs = setup.inputs.map((buffer) => new Uint8Array(buffer));

function report(message: WorkerReport): void {
  parentPort?.postMessage(message);
}

function refuse(error: unknown): void {
  const code = error instanceof SightlineError ? error.code : 'inference-failed';
  report({ kind: 'refused', code, message: error instanceof Error ? error.message : String(error) });
}

async function answer(network: Network, requests: readonly RunRequest[]): Promise<void> {
  try {
    const frames = requests.map(({ input, slot, threshold, ...size }) => {
      const pixels = inputs[input] ?? new Uint8Array();
      return { pixels: pixels.subarray(slot * (pixels.length / maxBatch)), size, threshold };
    });
    const found = await network.runAll(frames);
    report({ kind: 'found', found, ...(backend.kserve && { remote: counters }) });
  } catch (error) {
    refuse(error);
  }
}

try {
  const network = await Network.load(setup, {
    backend,
    counters,
    onPlaced: (placement) => report({ kind: 'placed', placement }),
  });
  // A request may come during the run before it, whose tensor it must leave alone.
  let turn = Promise.resolve();
  parentPort?.on('message', (requests: readonly RunRequest[]) => {
    turn = turn.then(() => answer(network, requests));
  });
  report({ kind: 'ready' });
} catch (error) {
  refuse(error);
}
