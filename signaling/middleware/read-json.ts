import type { Context } from 'koa';
import { getRawBody } from 'raw-body';
import { SightlineError } from '../../protocol/errors.ts';

/** Sixteen times a large offer. */
const BODY_LIMIT_BYTES = 256 * 1024;

/**
 * Reads the body of a request as JSON.
 *
 * @throws {SightlineError} `media-type-unsupported`, `body-too-large` (before the body where its length is announced),
 * or `not-json`
 */
export async function readJson(ctx: Context): Promise<unknown> {
  expectJson(ctx);
  const bytes = await readBytes(ctx);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SightlineError('not-json', `Cannot read the body as JSON: ${reason(error)}`, { cause: error });
  }
}

function expectJson(ctx: Context): void {
  const type = ctx.request.type.toLowerCase();
  const encoding = ctx.get('Content-Encoding');
  if (type === 'application/json' && (encoding === '' || encoding === 'identity')) return;
  const found = type === 'application/json' ? `Content-Encoding: ${encoding}` : type || 'no Content-Type';
  throw new SightlineError(
    'media-type-unsupported',
    `Cannot read the body: expected Content-Type: application/json without Content-Encoding, found ${found}`,
  );
}

async function readBytes(ctx: Context): Promise<Buffer> {
  try {
    return await getRawBody(ctx.req, { length: ctx.get('Content-Length'), limit: BODY_LIMIT_BYTES });
  } catch (error) {
    // raw-body leaves the rest unread; unread, it would block this connection for ever
    ctx.req.resume();
    const found = reason(error);
    throw error instanceof Error && 'status' in error && error.status === 413
      ? new SightlineError(
          'body-too-large',
          `Cannot read the body: expected at most ${BODY_LIMIT_BYTES} bytes`,
        )
      : new SightlineError('not-json', `Cannot read the body to its end: ${found}`, { cause: error });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
