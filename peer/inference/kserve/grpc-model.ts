import { z } from 'zod';
import type { ModelManifest } from '../../../models/manifest.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import type { HeadOutputs } from '../../vision/heads/index.ts';
import type { TensorData } from '../../vision/tensor.ts';
import { inputDims } from '../contract.ts';
import { type GrpcCall, GrpcConnection } from './grpc-call.ts';
import { answerBytes } from './message-size.ts';
import { checkMetadata, inputDatatype } from './metadata.ts';
import { expectAll, floatsOf, toOutput, unreadable } from './output-tensor.ts';
import { CONNECT_TIMEOUT_MS, type RemoteModel } from './remote-model.ts';

const BYTES_PER_VALUE = 4;

/** What is read of a ModelInferResponse. */
const answerSchema = z.object({
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.int().min(0)).max(8),
      contents: z.object({ fp32_contents: z.array(z.number()) }).nullish(),
    }),
  ),
  /** One for each output, or none where the values are in `contents`. */
  raw_output_contents: z.array(z.instanceof(Uint8Array)),
});

/** A model on a server, over gRPC. */
export class GrpcModel implements RemoteModel {
  readonly #manifest: ModelManifest;
  readonly #where: string;
  readonly #connection: GrpcConnection;

  /** @param url `grpc://host:port`, or `grpcs:` for TLS */
  constructor(manifest: ModelManifest, url: string) {
    this.#manifest = manifest;
    this.#where = `${manifest.id} of ${url}`;
    this.#connection = new GrpcConnection(url, answerBytes(manifest, BYTES_PER_VALUE));
  }

  async connect(values: TensorData): Promise<void> {
    const { id: name } = this.#manifest;
    await this.#expect('ServerLive', {}, 'live');
    await this.#expect('ModelReady', { name }, 'ready');
    const metadata = await this.#ask('ModelMetadata', { name });
    checkMetadata(this.#manifest, this.#where, metadata);
    await this.infer(values, CONNECT_TIMEOUT_MS);
  }

  async infer(values: TensorData, timeoutMs: number): Promise<HeadOutputs> {
    const { id, input, outputs } = this.#manifest;
    const request = {
      model_name: id,
      inputs: [{ name: input.name, datatype: inputDatatype(input), shape: inputDims(input) }],
      outputs: outputs.map(({ name }) => ({ name })),
      // Little-endian, as every platform that ONNX Runtime has a package for keeps them.
      raw_input_contents: [Buffer.from(values.buffer, values.byteOffset, values.byteLength)],
    };
    const answer = await this.#connection.call({ method: 'ModelInfer', request, timeoutMs });
    try {
      return this.#read(answer);
    } catch (cause) {
      throw unreadable(this.#manifest, this.#where, cause);
    }
  }

  close(): void {
    this.#connection.close();
  }

  #read(answer: unknown): HeadOutputs {
    const { outputs, raw_output_contents: raw } = answerSchema.parse(answer);
    const found: Record<string, HeadOutputs[string]> = {};
    for (const [index, output] of outputs.entries()) {
      const expected = this.#manifest.outputs.find(({ name }) => name === output.name);
      const bytes = raw[index];
      const values = bytes ? floatsOf(bytes) : Float32Array.from(output.contents?.fp32_contents ?? []);
      if (expected) found[output.name] = toOutput(output, expected.dims, values);
    }
    expectAll(this.#manifest, found);
    return found;
  }

  async #expect(method: GrpcCall['method'], request: object, state: string): Promise<void> {
    const answer = await this.#ask(method, request);
    if ((answer as Record<string, unknown>)[state] === true) return;
    const message = `Cannot use ${this.#where}: expected it to be ${state}, found that ${method} denies it`;
    throw new SightlineError('backend-failed', message);
  }

  #ask(method: GrpcCall['method'], request: object): Promise<unknown> {
    return this.#connection.call({ method, request, timeoutMs: CONNECT_TIMEOUT_MS });
  }
}
