import type { ModelManifest } from '../../../models/manifest.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import type { HeadOutputs } from '../../vision/heads/index.ts';
import type { TensorData } from '../../vision/tensor.ts';
import { type HttpAnswer, httpCall } from './http-call.ts';
import { readInferAnswer } from './infer-answer.ts';
import { inferRequest, type TensorForm } from './infer-request.ts';
import { answerBytes, METADATA_BYTES } from './message-size.ts';
import { checkMetadata } from './metadata.ts';
import { CONNECT_TIMEOUT_MS, type RemoteModel } from './remote-model.ts';

/** A number in JSON takes no more than so many characters, with its comma. */
const BYTES_PER_VALUE = 32;

/** A model on a server, over HTTP. */
export class HttpModel implements RemoteModel {
  readonly #manifest: ModelManifest;
  readonly #url: string;
  readonly #maxBytes: number;
  #form: TensorForm = 'binary';

  /** @param url where `/v2` is on the server */
  constructor(manifest: ModelManifest, url: string) {
    this.#manifest = manifest;
    this.#url = `${url.replace(/\/+$/, '')}/v2/models/${encodeURIComponent(manifest.id)}`;
    this.#maxBytes = answerBytes(manifest, BYTES_PER_VALUE);
  }

  /** In binary or, where the server does not take that, in JSON. */
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

  /** Idle connections close by themselves. */
  close(): void {}

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
