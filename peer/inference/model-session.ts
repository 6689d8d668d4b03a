import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelManifest } from '../../models/manifest.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { HeadOutputs } from '../vision/heads/index.ts';
import type { TensorData } from '../vision/tensor.ts';
import { checkContract, inputDims, type ModelFace } from './contract.ts';

/** One ONNX file, loaded, with the tensor that it reads. Every run blocks the thread until it is over. */
export class ModelSession {
  readonly manifest: ModelManifest;
  /** What the next run looks at. One tensor for all: half a million values need not be collected thirty times a second. */
  readonly values: TensorData;
  readonly #session: InferenceSession;
  readonly #feeds: Record<string, Tensor>;
  readonly #outputNames: string[];

  private constructor(manifest: ModelManifest, session: InferenceSession) {
    const { type = 'float32', name } = manifest.input;
    const dims = inputDims(manifest.input);
    const length = dims.reduce((product, side) => product * side, 1);
    this.manifest = manifest;
    this.values = type === 'int32' ? new Int32Array(length) : new Float32Array(length);
    this.#session = session;
    this.#feeds = { [name]: new Tensor(type, this.values, dims) };
    this.#outputNames = manifest.outputs.map((output) => output.name);
  }

  /**
   * Loads the model and compares it with its manifest.
   *
   * @throws {SightlineError} `model-unreadable`, `model-contract-mismatch`
   */
  static async load(manifest: ModelManifest, path: string, threads: number): Promise<ModelSession> {
    const session = await openSession(path, threads);
    checkContract(manifest, path, { inputs: session.inputMetadata, outputs: session.outputMetadata });
    return new ModelSession(manifest, session);
  }

  /**
   * Runs the model on {@link values}.
   *
   * @param read is given the outputs, which are gone when it returns.
   */
  async run<Result>(read: (outputs: HeadOutputs) => Result): Promise<Result> {
    const found = await this.#session.run(this.#feeds, this.#outputNames);
    try {
      return read(asHeadOutputs(found));
    } finally {
      for (const tensor of Object.values(found)) free(tensor);
    }
  }
}

/**
 * What a file has, whatever its manifest says.
 *
 * @throws {SightlineError} `model-unreadable`
 */
export async function readModelFace(path: string): Promise<ModelFace> {
  const session = await openSession(path, 1);
  try {
    return { inputs: session.inputMetadata, outputs: session.outputMetadata };
  } finally {
    await session.release();
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
