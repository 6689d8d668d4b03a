import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { SightlineError } from '../../protocol/errors.ts';

/** Answers OPTIONS on the paths of a router, and refuses the methods that it does not have there. */
export function allowedMethods(router: Router): Middleware {
  return (ctx, next) => {
    const methods = router.match(ctx.path, ctx.method).path.flatMap((layer) => layer.methods);
    if (methods.length === 0) return next();
    const allowed = [...new Set([...methods, 'OPTIONS'])].sort().join(', ');
    ctx.set('Allow', allowed);
    if (ctx.method !== 'OPTIONS') {
      throw new SightlineError(
        'method-not-allowed',
        `Cannot ${ctx.method} ${ctx.path}: expected one of ${allowed}`,
      );
    }
    ctx.status = 204;
  };
}
