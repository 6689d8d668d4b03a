import { once } from 'node:events';
import type { Context } from 'koa';
import type { InferError, InferResult } from '../../../protocol/infer.ts';
import { toProblem } from '../../../protocol/problem.ts';

/** Characters of a JSON answer that are held back, so that an error found meanwhile still becomes its status. */
const HELD_CHARACTERS = 1_000_000;

const forms = {
  json: { type: 'application/json', head: '{"results":[', between: ',', end: ']', tail: '}' },
  ndjson: { type: 'application/x-ndjson', head: '', between: '\n', end: '\n', tail: '' },
} as const;

/**
 * Results as they come: `application/json` as one document, of which the beginning is held back, or
 * `application/x-ndjson`, a line each at once. An error after the head is `error` of the document, or the last line.
 */
export class StreamedAnswer {
  readonly #ctx: Context;
  readonly #signal: AbortSignal;
  readonly #form: (typeof forms)[keyof typeof forms];
  readonly #heldAtMost: number;
  #held = '';
  #results = 0;

  /** @param signal aborted where nobody takes the answer any more */
  constructor(ctx: Context, form: keyof typeof forms, signal: AbortSignal) {
    this.#ctx = ctx;
    this.#signal = signal;
    this.#form = forms[form];
    this.#heldAtMost = form === 'json' ? HELD_CHARACTERS : 0;
    this.#held = this.#form.head;
  }

  /** Resolves when there is room for another. @throws the signal's reason */
  async add(result: InferResult): Promise<void> {
    const text = JSON.stringify(result);
    this.#held += this.#results === 0 ? text : `${this.#form.between}${text}`;
    this.#results++;
    if (this.#held.length > this.#heldAtMost) await this.#flush();
  }

  /** @throws the error itself, where it can still be told by the status */
  async end(error?: Error): Promise<void> {
    const { end, tail } = this.#form;
    if (error !== undefined && !this.#ctx.headerSent) throw error;
    if (this.#results > 0 || this.#form === forms.json) this.#held += end;
    if (error !== undefined) this.#held += this.#last(toInferError(error));
    this.#held += tail;
    await this.#flush();
    this.#ctx.res.end();
  }

  #last(error: InferError): string {
    const text = JSON.stringify(error);
    return this.#form === forms.json ? `,"error":${text}` : `{"error":${text}}\n`;
  }

  async #flush(): Promise<void> {
    const { res } = this.#ctx;
    if (!res.headersSent) {
      this.#ctx.respond = false;
      this.#ctx.status = 200;
      this.#ctx.type = this.#form.type;
      this.#ctx.set('Cache-Control', 'no-store');
    }
    const text = this.#held;
    this.#held = '';
    if (!res.write(text)) await once(res, 'drain', { signal: this.#signal });
  }
}

/** An error as it stands in an answer. */
export function toInferError(error: unknown): InferError {
  const { code, detail } = toProblem(error);
  return { code, detail };
}
