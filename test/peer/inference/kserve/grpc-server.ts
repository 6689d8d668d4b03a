import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { openInference } from '../../../../peer/inference/kserve/open-inference.ts';

/** What the server makes of an inference request. */
export type GrpcConduct =
  | 'well'
  | 'with typed contents'
  | 'hang'
  | 'unavailable'
  | 'not found'
  | 'rubbish'
  | 'wrong shape'
  | 'negative shape'
  | 'wrong type'
  | 'too few values'
  | 'no output'
  | 'too long';

interface InferRequest {
  readonly model_name: string;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly raw_input_contents: readonly Buffer[];
}

/** Outputs of the model `halver`: half of each of its sixteen inputs. */
export function halved(values: Float32Array): Float32Array {
  return values.map((value) => value / 2);
}

/** A server of `inference.GRPCInferenceService` with one model, which goes well or otherwise. */
export class GrpcServer implements AsyncDisposable {
  readonly #server = new Server();
  #port = 0;
  conduct: GrpcConduct = 'well';
  isReady = true;
  inputShape = [-1, 1, 4, 4];
  /** Inference requests so far. */
  requests = 0;

  /** @param port any where left out */
  static async start(port = 0): Promise<GrpcServer> {
    const server = new GrpcServer();
    await new Promise<void>((resolve, reject) => {
      server.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
        server.#port = bound;
        if (error) reject(error);
        else resolve();
      });
    });
    return server;
  }

  private constructor() {
    const { ModelInfer, ...others } = openInference;
    if (!ModelInfer) throw new Error('The protocol has no ModelInfer');
    const { responseSerialize } = ModelInfer;
    const infer = {
      ...ModelInfer,
      responseSerialize: (value: object) => (Buffer.isBuffer(value) ? value : responseSerialize(value)),
    };
    this.#server.addService(
      { ...others, ModelInfer: infer },
      {
        ServerLive: (_: unknown, answer: sendUnaryData<object>) => answer(null, { live: true }),
        ModelReady: (_: unknown, answer: sendUnaryData<object>) => answer(null, { ready: this.isReady }),
        ModelMetadata: (_: unknown, answer: sendUnaryData<object>) => answer(null, this.#metadata()),
        ModelInfer: (call: ServerUnaryCall<InferRequest, object>, answer: sendUnaryData<object>) =>
          this.#infer(call.request, answer),
      },
    );
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `grpc://127.0.0.1:${this.#port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
    return Promise.resolve();
  }

  #metadata() {
    return {
      name: 'halver',
      inputs: [{ name: 'in', datatype: 'FP32', shape: this.inputShape }],
      outputs: [{ name: 'out', datatype: 'FP32', shape: [-1, 16] }],
    };
  }

  #infer(
    { model_name, inputs, raw_input_contents: [raw] }: InferRequest,
    answer: sendUnaryData<object>,
  ): void {
    this.requests += 1;
    if (this.conduct === 'hang') return;
    const refusal = this.#refusal(model_name, inputs, raw);
    if (refusal || !raw) answer(refusal ?? null, null);
    else if (this.conduct === 'rubbish') answer(null, Buffer.from('rubbish'));
    else {
      const values = halved(new Float32Array(new Uint8Array(raw).buffer));
      answer(null, this.#answer(Buffer.from(values.buffer)));
    }
  }

  #refusal(name: string, [input]: InferRequest['inputs'], raw: Buffer | undefined) {
    if (this.conduct === 'unavailable') return { code: status.UNAVAILABLE, details: 'out of memory' };
    if (this.conduct === 'not found' || name !== 'halver')
      return { code: status.NOT_FOUND, details: 'no such model' };
    if (input?.shape.join() !== '1,1,4,4' || raw?.length !== 64)
      return { code: status.INVALID_ARGUMENT, details: 'no input of 16 values' };
    return undefined;
  }

  #answer(bytes: Buffer): object {
    const { conduct } = this;
    const shapes: Partial<Record<GrpcConduct, number[]>> = {
      'wrong shape': [1, 4, 4],
      'negative shape': [-1, -16],
    };
    const output = {
      name: conduct === 'no output' ? 'other' : 'out',
      datatype: conduct === 'wrong type' ? 'FP16' : 'FP32',
      shape: shapes[conduct] ?? [1, 16],
    };
    if (conduct === 'with typed contents') {
      const fp32_contents = [...new Float32Array(new Uint8Array(bytes).buffer)];
      return { outputs: [{ ...output, contents: { fp32_contents } }] };
    }
    if (conduct === 'too long') return { outputs: [output], raw_output_contents: [Buffer.alloc(2 ** 20)] };
    const sent = conduct === 'too few values' ? bytes.subarray(4) : bytes;
    return { outputs: [output], raw_output_contents: [sent] };
  }
}
