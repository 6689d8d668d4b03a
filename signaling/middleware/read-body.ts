import type { Context } from 'koa';
import { getRawBody } from 'raw-body';
import { type ErrorCode, SightlineError } from '../../protocol/errors.ts';

/** Sixteen times a large offer. */
const BODY_LIMIT_BYTES = 256 * 1024;
/** Nobody needs longer to send an offer. */
const BODY_TIMEOUT_MS = 30_000;

/**
 * Reads the body of a request as text.
 *
 * @param type media type that it has to have
 * @param unreadable code of the error where the body is no text or ends too soon
 * @throws {SightlineError} `media-type-unsupported`, `body-too-large` (before the body where its length is announced),
 * or `unreadable`
 */
export async function readBody(ctx: Context, type: string, unreadable: ErrorCode): Promise<string> {
  expectType(ctx, type);
  const bytes = await readBytes(ctx, unreadable);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SightlineError(unreadable, `Cannot read the body as text: ${reason(error)}`, { cause: error });
  }
}

function expectType(ctx: Context, expected: string): void {
  const type = ctx.request.type.toLowerCase();
  const encoding = ctx.get('Content-Encoding');
  if (type === expected && (encoding === '' || encoding === 'identity')) return;
  const found = type === expected ? `Content-Encoding: ${encoding}` : type || 'no Content-Type';
  throw new SightlineError(
    'media-type-unsupported',
    `Cannot read the body: expected Content-Type: ${expected} without Content-Encoding, found ${found}`,
  );
}

async function readBytes(ctx: Context, unreadable: ErrorCode): Promise<Buffer> {
  const timer = setTimeout(() => ctx.req.destroy(), BODY_TIMEOUT_MS);
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
      : new SightlineError(unreadable, `Cannot read the body to its end: ${found}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
