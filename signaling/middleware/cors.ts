import type { Middleware } from 'koa';

const PREFLIGHT_SECONDS = 600;
/** Headers of answers that such pages may read, beside those that every page may. */
const EXPOSED: readonly string[] = [
  'Accept-Patch',
  'Accept-Post',
  'Accept-Ranges',
  'Content-Range',
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'WWW-Authenticate',
  // Of a snapshot: which frame it is
  'X-Frame',
  'X-Rtp-Timestamp',
  'X-Timestamp',
];

/** Lets pages of the given origins call the routes behind it, with the key but without cookies (Fetch standard). */
export function cors(origins: readonly string[]): Middleware {
  return (ctx, next) => {
    if (origins.length === 0) return next();
    ctx.vary('Origin');
    const origin = ctx.get('Origin');
    if (origin === '' || !(origins.includes('*') || origins.includes(origin))) return next();
    ctx.set('Access-Control-Allow-Origin', origin);
    ctx.set('Access-Control-Expose-Headers', EXPOSED.join(', '));
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return next();
    ctx.set('Access-Control-Allow-Methods', 'GET, HEAD, POST, PATCH, DELETE');
    ctx.set('Access-Control-Allow-Headers', 'Authorization, Content-Type, If-Match, If-Range, Range');
    ctx.set('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
    ctx.status = 204;
  };
}
