import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { SightlineError } from '../../protocol/errors.ts';

export interface HttpBodyOptions {
  /** How long a byte may be waited for; while nobody reads, none is. */
  readonly timeoutMs: number;
  /** Names the source, in messages. */
  readonly label: string;
}

/** The body of an answer, which fails where its server falls silent or breaks off. It is read only as fast as it is taken. */
export class HttpBody extends Readable {
  readonly #message: IncomingMessage;
  readonly #options: HttpBodyOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(message: IncomingMessage, options: HttpBodyOptions) {
    super();
    this.#message = message;
    this.#options = options;
    // Who reads is told of it when it reads.
    this.on('error', () => {});
    message.pause();
    message.on('data', (chunk: Buffer) => {
      clearTimeout(this.#timer);
      if (this.push(chunk)) this.#expect();
      else message.pause();
    });
    message.once('end', () => this.push(null));
    message.once('error', (error) => this.destroy(this.#brokenOff(error)));
    message.once('close', () => {
      if (!message.complete) this.destroy(this.#brokenOff());
    });
  }

  override _read(): void {
    this.#expect();
    this.#message.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#message.destroy();
    done(error);
  }

  #expect(): void {
    const { timeoutMs, label } = this.#options;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const message = `Cannot read ${label}: expected more of it within ${timeoutMs} ms, found nothing`;
      this.destroy(new SightlineError('source-timeout', message));
    }, timeoutMs);
  }

  #brokenOff(cause?: Error): SightlineError {
    const message = `Cannot read ${this.#options.label}: expected all of it, found the connection closed before its end`;
    return new SightlineError('source-unreadable', message, { cause });
  }
}
