import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelManifest } from '../../models/manifest.ts';
import type { DetectedObject } from '../../protocol/detections.ts';
import { SightlineError } from '../../protocol/errors.ts';
import { type HeadOutputs, heads } from '../vision/heads/index.ts';
import { letterbox, type Size } from '../vision/letterbox.ts';
import { fillTensor } from '../vision/tensor.ts';
import { toObjects } from '../vision/to-objects.ts';
import { checkContract, inputDims } from './contract.ts';
import type { WorkerSetup } from './messages.ts';

/** What one run found. */
export interface Detected {
  readonly objects: DetectedObject[];
  /** Rows of the output that held NaN or Infinity. */
  readonly malformed: number;
}

/** A loaded model on the thread that made it, which every run blocks until it is over. */
export class Network {
  readonly #manifest: ModelManifest;
  readonly #session: InferenceSession;
  /** One tensor for all runs: half a million values need not be collected thirty times a second. */
  readonly #values: Float32Array;
  readonly #feeds: Record<string, Tensor>;
  readonly #outputNames: string[];

  private constructor(manifest: ModelManifest, session: InferenceSession) {
    const dims = inputDims(manifest.input);
    this.#manifest = manifest;
    this.#session = session;
    this.#values = new Float32Array(dims.reduce((product, side) => product * side, 1));
    this.#feeds = { [manifest.input.name]: new Tensor('float32', this.#values, dims) };
    this.#outputNames = manifest.outputs.map(({ name }) => name);
  }

  /**
   * Loads the model, compares it with its manifest, and runs it once on a grey picture: the first run costs several.
   *
   * @throws {SightlineError} `model-unreadable`, `model-contract-mismatch`, `inference-failed`
   */
  static async load({ manifest, path, threads }: Omit<WorkerSetup, 'inputs'>): Promise<Network> {
    const session = await openSession(path, threads);
    checkContract(manifest, path, { inputs: session.inputMetadata, outputs: session.outputMetadata });
    const network = new Network(manifest, session);
    const { width, height } = manifest.input;
    await network.detect(new Uint8Array(width * height * 3).fill(manifest.input.pad), { width, height }, 1);
    return network;
  }

  /**
   * Looks for objects.
   *
   * @param pixels packed RGB24 in the size that `letterbox` gives for the frame; not kept.
   * @param frame size of the frame that the pixels were scaled from.
   * @throws {SightlineError} `inference-failed`, or `model-contract-mismatch` where the outputs are not as described
   */
  async detect(pixels: Uint8Array, frame: Size, threshold: number): Promise<Detected> {
    const { input, outputs, labels, head } = this.#manifest;
    const geometry = letterbox(frame, input, input.fit);
    fillTensor(this.#values, { pixels, stride: geometry.scaledWidth * 3 }, geometry, input);
    const found = await this.#session.run(this.#feeds, this.#outputNames);
    try {
      const tally = { malformed: 0 };
      const candidates = heads[head](asHeadOutputs(found), { input, outputs, labels, threshold }, tally);
      return { objects: toObjects(candidates, labels, geometry), malformed: tally.malformed };
    } finally {
      for (const tensor of Object.values(found)) free(tensor);
    }
  }
}

/**
 * One operator at a time: detectors are chains, there is nothing to run side by side. Threads that wait for work sleep
 * instead of spinning, because the codecs need the cores in the meantime.
 */
async function openSession(path: string, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      enableCpuMemArena: true,
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    const found = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new SightlineError(
      'model-unreadable',
      `Cannot load the model ${path}: expected a whole ONNX file, found: ${found}. ` +
        'Delete the file and start again to fetch it anew, or put a good copy in its place',
      { cause },
    );
  }
}

function asHeadOutputs(found: InferenceSession.OnnxValueMapType): HeadOutputs {
  const outputs: Record<string, HeadOutputs[string]> = {};
  for (const [name, { data, dims }] of Object.entries(found as Record<string, Tensor>)) {
    if (data instanceof Float32Array) outputs[name] = { data, dims };
  }
  return outputs;
}

/**
 * Gives the memory of an output back at once. Left to the collector, a megabyte a run piles up to some 70 MB before V8
 * sees a reason to look.
 */
function free({ data }: Tensor): void {
  if (data instanceof Float32Array && data.buffer instanceof ArrayBuffer) data.buffer.transfer(0);
}
