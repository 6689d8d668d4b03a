import type { Middleware } from 'koa';
import { SightlineError } from '../../protocol/errors.ts';
import { sameSecret } from '../same-secret.ts';

/** Lets a request pass that carries `Authorization: Bearer <key>` (RFC 6750); all pass when there is no key. */
export function requireKey(key: string | undefined): Middleware {
  return (ctx, next) => {
    if (key === undefined) return next();
    const found = /^Bearer +(\S+) *$/i.exec(ctx.get('Authorization'))?.[1];
    if (found !== undefined && sameSecret(found, key)) return next();
    ctx.set('WWW-Authenticate', 'Bearer realm="Sightline"');
    throw new SightlineError(
      'key-required',
      'Cannot serve the request: expected Authorization: Bearer with the key of this server, ' +
        `found ${found === undefined ? 'none' : 'another key'}`,
    );
  };
}
