import type { Context, Middleware } from 'koa';
import { SightlineError } from '../../protocol/errors.ts';
import { toProblem } from '../../protocol/problem.ts';
import type { Logger } from '../log.ts';

/** Seconds to wait where an error that passes does not say how long. */
const RETRY_SECONDS = 1;
const MAY_PASS: readonly number[] = [429, 503];

/** Where errors of the door become answers: `application/problem+json` (RFC 9457) with a stable code. */
export function errorBoundary(log: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.respond !== false && ctx.body === undefined) throw nothingHere(ctx);
    } catch (error) {
      const { method, path } = ctx;
      // A caller that hung up is no fault of ours.
      if (ctx.req.errored || ctx.res.destroyed) log.debug({ error, method, path }, 'Request ended early');
      else if (!(error instanceof SightlineError)) log.error({ error, method, path }, 'Request failed');
      answer(ctx, error);
    }
  };
}

function nothingHere({ method, path }: Context): SightlineError {
  return new SightlineError('not-found', `Cannot ${method} ${path}: expected a known address`);
}

function answer(ctx: Context, error: unknown): void {
  // Where the head of the answer is out, its end is all that can be told.
  if (ctx.headerSent) {
    ctx.res.destroy();
    return;
  }
  // Unread, the rest of the body would block the connection for ever.
  ctx.req.resume();
  const problem = toProblem(error);
  ctx.status = problem.status;
  if (MAY_PASS.includes(problem.status)) ctx.set('Retry-After', String(problem.retryAfter ?? RETRY_SECONDS));
  ctx.body = JSON.stringify(problem);
  ctx.type = 'application/problem+json';
}
