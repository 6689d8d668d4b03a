import { type Context, HttpError, type Middleware } from 'koa';
import { type ErrorCode, SightlineError } from '../../protocol/errors.ts';
import { toProblem } from '../../protocol/problem.ts';
import type { Log } from '../log.ts';

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'key-required',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'body-too-large',
  415: 'media-type-unsupported',
};

/** The one place where errors become answers: `application/problem+json` (RFC 9457) with a stable code. */
export function errorBoundary(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.respond !== false && ctx.body === undefined) throw nothingHere(ctx);
    } catch (error) {
      answer(ctx, translate(error), log);
    }
  };
}

function nothingHere({ method, path }: Context): SightlineError {
  return new SightlineError('not-found', `Cannot ${method} ${path}: expected a known address`);
}

/** Errors of Koa and its libraries carry an HTTP status; their messages are for callers when `expose` says so. */
function translate(error: unknown): unknown {
  if (!(error instanceof HttpError)) return error;
  const code = codeOfStatus[error.status];
  return code !== undefined && error.expose
    ? new SightlineError(code, error.message, { cause: error })
    : error;
}

function answer(ctx: Context, error: unknown, log: Log): void {
  const problem = toProblem(error);
  if (problem.code === 'internal')
    log.error({ err: error, method: ctx.method, path: ctx.path }, 'request failed');
  else log.debug({ err: error, method: ctx.method, path: ctx.path }, 'request refused');
  ctx.status = problem.status;
  if (problem.status === 503) {
    const seconds = error instanceof SightlineError ? error.retryAfterSeconds : undefined;
    ctx.set('Retry-After', String(seconds ?? 1));
  }
  ctx.body = JSON.stringify(problem);
  ctx.type = 'application/problem+json';
}
