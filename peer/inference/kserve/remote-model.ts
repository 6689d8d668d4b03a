import type { ModelManifest } from '../../../models/manifest.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import type { HeadOutputs } from '../../vision/heads/index.ts';
import type { TensorData } from '../../vision/tensor.ts';
import { type HttpAnswer, httpCall } from './http-call.ts';
import { readInferAnswer } from './infer-answer.ts';
import { inferRequest, type TensorForm } from './infer-request.ts';
import { checkMetadata } from './metadata.ts';

/** A first run may load the model on the server. */
const CONNECT_TIMEOUT_MS = 5_000;
const METADATA_BYTES = 65_536;
/** A number in JSON takes no more than so many characters, with its comma. */
const BYTES_PER_VALUE = 32;
/** Of the outputs of a model whose manifest leaves their size open. */
const OPEN_BYTES = 64 * 2 ** 20;

/**
 * A model on a server that speaks the Open Inference Protocol v2 over HTTP, such as Triton, OpenVINO Model Server or
 * KServe. The server has it under the id that the catalogue has it under.
 */
export class RemoteModel {
  readonly #manifest: ModelManifest;
  readonly #url: string;
  readonly #maxBytes: number;
  #form: TensorForm = 'binary';

  /** @param url where `/v2` is on the server */
  constructor(manifest: ModelManifest, url: string) {
    this.#manifest = manifest;
    this.#url = `${url.replace(/\/+$/, '')}/v2/models/${encodeURIComponent(manifest.id)}`;
    const sizes = manifest.outputs.map(({ dims }) => dims.reduce((product, side) => product * side, 1));
    const isOpen = manifest.outputs.some(({ dims }) => dims.some((side) => side < 0));
    const values = sizes.reduce((sum, size) => sum + size, 0);
    this.#maxBytes = isOpen ? OPEN_BYTES : METADATA_BYTES + values * BYTES_PER_VALUE;
  }

  /**
   * Compares the model with its manifest and runs it once, in binary or, where the server does not take that, in JSON.
   *
   * @param values of any picture; not kept
   * @throws {SightlineError} `backend-timeout`, `backend-failed`, `backend-invalid`
   */
  async connect(values: TensorData): Promise<void> {
    const answer = await httpCall({
      url: this.#url,
      method: 'GET',
      timeoutMs: CONNECT_TIMEOUT_MS,
      maxBytes: METADATA_BYTES,
    });
    this.#expectSuccess(answer);
    checkMetadata(this.#manifest, this.#url, parse(this.#url, answer));
    this.#form = 'binary';
    try {
      await this.infer(values, CONNECT_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof SightlineError) || error.code !== 'backend-invalid') throw error;
      this.#form = 'json';
      await this.infer(values, CONNECT_TIMEOUT_MS);
    }
  }

  /**
   * @param values not to be written to before the call is over
   * @throws {SightlineError} `backend-timeout`, `backend-failed`, `backend-invalid`
   */
  async infer(values: TensorData, timeoutMs: number): Promise<HeadOutputs> {
    const answer = await httpCall({
      url: `${this.#url}/infer`,
      method: 'POST',
      ...inferRequest(this.#manifest, values, this.#form),
      timeoutMs,
      maxBytes: this.#maxBytes,
    });
    this.#expectSuccess(answer);
    return readInferAnswer(this.#manifest, this.#url, answer);
  }

  /** What the client did wrong will be wrong again; what the server could not do it may do the next time. */
  #expectSuccess({ status, body }: HttpAnswer): void {
    if (status === 200) return;
    const isOurs = status >= 300 && status < 500 && status !== 408 && status !== 429;
    const words = body.toString('utf8', 0, 200).replaceAll(/\s+/g, ' ');
    throw new SightlineError(
      isOurs ? 'backend-invalid' : 'backend-failed',
      `Cannot use ${this.#url}: expected status 200, found ${status} ${words}`.trim(),
    );
  }
}

function parse(where: string, { body }: HttpAnswer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    const message = `Cannot use ${where}: expected the metadata of a model as JSON, found something else`;
    throw new SightlineError('backend-invalid', message, { cause });
  }
}
