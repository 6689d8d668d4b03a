import type { Context, Middleware } from 'koa';
import { SightlineError } from '../../protocol/errors.ts';
import { sameSecret } from '../same-secret.ts';

/** What `<img>` and EventSource of browsers read, which can send no header: there the key may stand in the address. */
const SHOWN = /^\/sessions\/[^/]+\/(events|mjpeg|snapshot\.jpg)$/;

/** Lets a request pass that carries `Authorization: Bearer <key>` (RFC 6750); all pass when there is no key. */
export function requireKey(key: string | undefined): Middleware {
  return (ctx, next) => {
    if (key === undefined) return next();
    const found = /^Bearer +(\S+) *$/i.exec(ctx.get('Authorization'))?.[1] ?? keyInAddress(ctx);
    if (found !== undefined && sameSecret(found, key)) return next();
    ctx.set('WWW-Authenticate', 'Bearer realm="Sightline"');
    throw new SightlineError(
      'key-required',
      'Cannot serve the request: expected Authorization: Bearer with the key of this server, ' +
        `found ${found === undefined ? 'none' : 'another key'}`,
    );
  };
}

function keyInAddress({ method, path, query }: Context): string | undefined {
  const isShown = (method === 'GET' || method === 'HEAD') && SHOWN.test(path);
  return isShown && typeof query['key'] === 'string' ? query['key'] : undefined;
}
