import type { Context } from 'koa';
import { getRawBody } from 'raw-body';
import { SightlineError } from '../../protocol/errors.ts';

/** As much as signaling lets through. */
const LIMIT_BYTES = 256 * 1024;

/** Reads the body of a request, whatever its type, as JSON. @throws SightlineError `not-json`, `body-too-large` */
export async function readJson(ctx: Context): Promise<unknown> {
  try {
    return JSON.parse(await getRawBody(ctx.req, { encoding: 'utf-8', limit: LIMIT_BYTES }));
  } catch (cause) {
    if (cause instanceof Error && 'status' in cause && cause.status === 413) {
      throw new SightlineError(
        'body-too-large',
        `Cannot read the body: expected at most ${LIMIT_BYTES} bytes`,
      );
    }
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new SightlineError('not-json', `Cannot read the body as JSON: ${found}`, { cause });
  }
}
