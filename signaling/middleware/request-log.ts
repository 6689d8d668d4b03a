import type { Middleware } from 'koa';
import type { Log } from '../log.ts';

/** Logs each request, once answered, at debug. */
export function requestLog(log: Log): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    await next();
    const tookMs = Math.round(performance.now() - startedAt);
    log.debug({ method: ctx.method, path: ctx.path, status: ctx.status, tookMs }, 'request answered');
  };
}
