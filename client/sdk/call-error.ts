import type { ErrorCode } from '../../protocol/errors.ts';

/** What can go wrong on this side, beside the codes that the server answers with. */
export type LocalErrorCode =
  | 'camera-refused'
  | 'camera-missing'
  | 'camera-busy'
  | 'camera-failed'
  | 'browser-unsupported'
  | 'server-unreachable'
  | 'answer-invalid'
  | 'ice-failed'
  | 'media-timeout'
  | 'settings-timeout'
  | 'call-over'
  | 'call-failed';

export type CallErrorCode = ErrorCode | LocalErrorCode;

/** What an error says to a person: what happened, and what to do about it. */
export interface Words {
  /** Without a full stop. */
  title: string;
  /** Whole sentences. */
  advice: string;
}

/** Options of {@link CallError}. */
export interface CallErrorOptions {
  cause?: unknown;
  /** From the Retry-After of the answer. */
  retryAfterSeconds?: number | undefined;
}

/** An error with a stable code, and words that can be shown to the person in front of the camera. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: CallErrorCode;
  readonly title: string;
  readonly advice: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: CallErrorCode, words: Words, options: CallErrorOptions = {}) {
    super(`${words.title}. ${words.advice}`, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.title = words.title;
    this.advice = words.advice;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
