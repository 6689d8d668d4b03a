import { type Context, HttpError, type Middleware } from 'koa';
import send from 'send';
import { SightlineError } from '../../protocol/errors.ts';

/** Names of these files hold a hash of what is in them, so they never change. */
const HASHED = '/assets/';
const YEAR_SECONDS = 31_536_000;
/** The one file that is made for pages of others. */
const EMBED = '/embed.js';

/** Serves the built client page from a directory at `/`. */
export function serveClient(directory: string): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return refuse(ctx, next);
    const status = await sendFile(ctx, directory);
    if (status < 400) return;
    if (ctx.path !== '/') return next();
    throw new SightlineError(
      'not-found',
      'Cannot show the page: expected the built client in client/dist, found none; npm start builds it',
    );
  };
}

function refuse(ctx: Context, next: () => Promise<unknown>): unknown {
  if (ctx.path !== '/') return next();
  const allowed = 'GET, HEAD, OPTIONS';
  ctx.set('Allow', allowed);
  if (ctx.method !== 'OPTIONS') {
    throw new SightlineError(
      'method-not-allowed',
      `Cannot ${ctx.method} ${ctx.path}: expected one of ${allowed}`,
    );
  }
  ctx.status = 204;
  return undefined;
}

/** Resolves with the status once the answer is out, or with that of the error when there is nothing to send. */
function sendFile(ctx: Context, root: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const cacheControl = ctx.path.startsWith(HASHED)
    ? `public, max-age=${YEAR_SECONDS}, immutable`
    : 'no-cache';
  ctx.respond = false;
  ctx.status = 200;
  const abandon = (status: number) => {
    ctx.respond = true;
    ctx.status = 404;
    resolve(status);
  };
  const fail = (error: unknown) => {
    // Half an answer cannot be taken back: the caller sees it cut off
    if (ctx.headerSent) ctx.res.destroy();
    else ctx.respond = true;
    reject(error);
  };
  ctx.res.once('close', () => resolve(ctx.res.statusCode));
  send(ctx.req, ctx.path, { root, acceptRanges: false, cacheControl: false, extensions: ['html'] })
    .on('headers', () => {
      ctx.set('Cache-Control', cacheControl);
      if (ctx.path === EMBED) openToAll(ctx);
    })
    .on('directory', () => abandon(404))
    .on('error', (error: unknown) => {
      if (error instanceof HttpError && error.status < 500 && !ctx.headerSent) abandon(error.status);
      else fail(error);
    })
    .pipe(ctx.res);
  return promise;
}

/** Any page may load it, one that is isolated (COEP) or checks what it loads (SRI) as well: it holds no secret. */
function openToAll(ctx: Context): void {
  ctx.set('Access-Control-Allow-Origin', '*');
  ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
}
