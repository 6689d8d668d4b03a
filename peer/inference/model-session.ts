import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelManifest } from '../../models/manifest.ts';
import type { HeadOutputs } from '../vision/heads/index.ts';
import type { TensorData } from '../vision/tensor.ts';
import { checkContract, inputDims, type ModelFace } from './contract.ts';
import { openRemoteModel } from './kserve/open-remote-model.ts';
import { noRemoteRuns } from './kserve/remote-counters.ts';
import { RemoteFirst } from './kserve/remote-first.ts';
import { openSession } from './open-session.ts';
import { localCpu, type Placing } from './placement.ts';
import { splitOutputs } from './split-outputs.ts';

/**
 * One ONNX file, loaded, with the tensor that it reads. Every run blocks the thread until it is over, unless a server
 * does it.
 */
export class ModelSession {
  readonly manifest: ModelManifest;
  /** What the next run looks at. One tensor for all: half a million values need not be collected thirty times a second. */
  readonly values: TensorData;
  readonly #session: InferenceSession;
  /** The values of a whole batch, of which {@link values} are the first. */
  readonly #batch: TensorData;
  /** By the number of pictures. */
  readonly #feeds = new Map<number, Record<string, Tensor>>();
  readonly #outputNames: string[];
  /** The server that runs the model while it can. */
  #remote: RemoteFirst | undefined;

  private constructor(manifest: ModelManifest, session: InferenceSession) {
    const { type = 'float32', maxBatch = 1 } = manifest.input;
    const length = inputDims(manifest.input, maxBatch).reduce((product, side) => product * side, 1);
    this.manifest = manifest;
    this.#batch = type === 'int32' ? new Int32Array(length) : new Float32Array(length);
    this.values = this.#batch.subarray(0, length / maxBatch);
    this.#session = session;
    this.#outputNames = manifest.outputs.map((output) => output.name);
  }

  /**
   * Loads the model and compares it with its manifest.
   *
   * @throws {SightlineError} `model-unreadable`, `model-contract-mismatch`
   */
  static async load(
    manifest: ModelManifest,
    path: string,
    threads: number,
    { backend, counters, onPlaced }: Placing = nowhereElse(),
  ): Promise<ModelSession> {
    const { session, provider, problem } = await openSession(path, threads, backend.provider);
    checkContract(manifest, path, { inputs: session.inputMetadata, outputs: session.outputMetadata });
    const model = new ModelSession(manifest, session);
    onPlaced({ model: manifest.id, runsOn: provider, ...(problem !== undefined && { problem }) });
    if (backend.kserve) {
      const onMoved = (away: string | undefined) =>
        onPlaced(
          away === undefined
            ? { model: manifest.id, runsOn: 'kserve' }
            : { model: manifest.id, runsOn: provider, problem: away },
        );
      const blank = model.values.slice();
      const { url, timeoutMs } = backend.kserve;
      const remote = await openRemoteModel(manifest, url);
      model.#remote = new RemoteFirst({ model: remote, timeoutMs, blank, counters, onMoved });
      await model.#remote.open();
    }
    return model;
  }

  /**
   * Runs the model on {@link values}.
   *
   * @param read is given the outputs, which are gone when it returns.
   */
  async run<Result>(read: (outputs: HeadOutputs) => Result): Promise<Result> {
    const remote = await this.#remote?.infer(this.values);
    if (remote) return read(remote);
    return this.#run(1, read);
  }

  /** What a run of several pictures looks at in the place of one of them. */
  valuesOf(index: number): TensorData {
    const { length } = this.values;
    return this.#batch.subarray(index * length, (index + 1) * length);
  }

  /**
   * Runs the model on this machine on the first pictures of {@link valuesOf}, all at once.
   *
   * @param read is given the outputs of each picture as if it were the only one; they are gone when it returns.
   * @throws {SightlineError} `model-contract-mismatch` where the model does not answer for each picture
   */
  runBatch<Result>(
    pictures: number,
    read: (outputs: HeadOutputs, index: number) => Result,
  ): Promise<Result[]> {
    return this.#run(pictures, (outputs) =>
      splitOutputs(this.manifest.id, outputs, pictures).map((each, index) => read(each, index)),
    );
  }

  async #run<Result>(pictures: number, read: (outputs: HeadOutputs) => Result): Promise<Result> {
    const found = await this.#session.run(this.#feedsOf(pictures), this.#outputNames);
    try {
      return read(asHeadOutputs(found));
    } finally {
      for (const tensor of Object.values(found)) free(tensor);
    }
  }

  #feedsOf(pictures: number): Record<string, Tensor> {
    const known = this.#feeds.get(pictures);
    if (known) return known;
    const { input } = this.manifest;
    const values = this.#batch.subarray(0, pictures * this.values.length);
    const feeds = {
      [input.name]: new Tensor(input.type ?? 'float32', values, inputDims(input, pictures)),
    };
    this.#feeds.set(pictures, feeds);
    return feeds;
  }
}

/**
 * What a file has, whatever its manifest says.
 *
 * @throws {SightlineError} `model-unreadable`
 */
export async function readModelFace(path: string): Promise<ModelFace> {
  const { session } = await openSession(path, 1);
  try {
    return { inputs: session.inputMetadata, outputs: session.outputMetadata };
  } finally {
    await session.release();
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

function nowhereElse(): Placing {
  return { backend: localCpu, counters: noRemoteRuns(), onPlaced: () => {} };
}
