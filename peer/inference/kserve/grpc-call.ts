import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { SightlineError } from '../../../protocol/errors.ts';
import { openInference } from './open-inference.ts';

/** One request to an inference server. */
export interface GrpcCall {
  readonly method: 'ServerLive' | 'ModelReady' | 'ModelMetadata' | 'ModelInfer';
  readonly request: object;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
}

/** Of Triton and OpenVINO Model Server. */
const DEFAULT_PORT = 8001;
/** A server that is back is to be found so by the next trial, not by a timer of the library's. */
const RECONNECT_MS = 500;

/** What will be wrong again: the request, the model or the key, not the state of the server. */
const ours = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.PERMISSION_DENIED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.UNIMPLEMENTED,
  status.UNAUTHENTICATED,
]);

/** A connection to `inference.GRPCInferenceService` of a server; made with the first call, and again when it broke. */
export class GrpcConnection {
  readonly #client: Client;
  readonly #url: string;

  /**
   * @param url `grpc://host:port`, or `grpcs:` for TLS
   * @param maxBytes of the longest answer that is taken
   */
  constructor(url: string, maxBytes: number) {
    const { protocol, hostname, port } = new URL(url);
    const secure = protocol === 'grpcs:' ? credentials.createSsl() : credentials.createInsecure();
    this.#url = url;
    this.#client = new Client(`${hostname}:${port || DEFAULT_PORT}`, secure, {
      'grpc.max_receive_message_length': maxBytes,
      // Retries have a budget of our own.
      'grpc.enable_retries': 0,
      'grpc.initial_reconnect_backoff_ms': RECONNECT_MS,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS,
    });
  }

  /** @throws {SightlineError} `backend-timeout`, `backend-failed`, `backend-invalid` */
  async call({ method, request, timeoutMs }: GrpcCall): Promise<unknown> {
    const definition = openInference[method];
    if (!definition) throw new SightlineError('internal', `Cannot call ${method}: it is not in the protocol`);
    const { path, requestSerialize, responseDeserialize } = definition;
    const where = `${this.#url}${path}`;
    const answer = await new Promise<Buffer>((resolve, reject) => {
      this.#client.makeUnaryRequest<object, Buffer>(
        path,
        requestSerialize,
        (bytes) => bytes,
        request,
        { deadline: Date.now() + timeoutMs },
        (error, bytes) => {
          if (error || !bytes) reject(toError(where, timeoutMs, error));
          else resolve(bytes);
        },
      );
    });
    try {
      return responseDeserialize(answer);
    } catch (cause) {
      const message = `Cannot read what ${where} answers: expected the message of the protocol, found another`;
      throw new SightlineError('backend-invalid', message, { cause });
    }
  }

  /** Idempotent. */
  close(): void {
    this.#client.close();
  }
}

function toError(where: string, timeoutMs: number, cause: ServiceError | null): SightlineError {
  const code = cause?.code ?? status.UNKNOWN;
  if (code === status.DEADLINE_EXCEEDED) {
    const message = `Cannot call ${where}: expected an answer within ${timeoutMs} ms, found none`;
    return new SightlineError('backend-timeout', message, { cause });
  }
  const words = (cause?.details ?? '').slice(0, 200).replaceAll(/\s+/g, ' ');
  const isTooLong = code === status.RESOURCE_EXHAUSTED && /larger than max/.test(words);
  return new SightlineError(
    ours.has(code) || isTooLong ? 'backend-invalid' : 'backend-failed',
    `Cannot call ${where}: expected status OK, found ${status[code]} ${words}`.trim(),
    { cause },
  );
}
