import type { Context } from 'koa';
import { SightlineError } from '../../protocol/errors.ts';
import { readBody } from './read-body.ts';

/**
 * Reads the body of a request as JSON.
 *
 * @throws {SightlineError} `media-type-unsupported`, `body-too-large` (before the body where its length is announced),
 * or `not-json`
 */
export async function readJson(ctx: Context): Promise<unknown> {
  const text = await readBody(ctx, 'application/json', 'not-json');
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SightlineError('not-json', `Cannot read the body as JSON: ${reason}`, { cause: error });
  }
}
