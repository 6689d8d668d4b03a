import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RouterContext } from '@koa/router';
import send from 'send';
import { SightlineError } from '../../../protocol/errors.ts';
import { MANIFEST_FILE, RESULTS_FILE } from '../../../protocol/recordings.ts';
import type { Recordings } from '../../recordings/recordings.ts';

const types: Readonly<Record<string, string>> = {
  [RESULTS_FILE]: 'application/x-ndjson',
  [MANIFEST_FILE]: 'application/json',
};
const PART = /^\d{3,}\.mp4$/;

/** `GET /recordings/:rec/:file`: a file, or the ranges of it that are asked for (RFC 9110, section 14). */
export function getRecordingFile(recordings: Recordings) {
  return async (ctx: RouterContext): Promise<void> => {
    const file = String(ctx.params['file']);
    const folder = await recordings.folderOf(String(ctx.params['rec']));
    const type = PART.test(file) ? 'video/mp4' : types[file];
    const found = type === undefined ? undefined : await stat(join(folder, file)).catch(() => undefined);
    if (type === undefined || !found?.isFile()) throw noFile(file);
    ctx.set('Content-Type', type);
    ctx.set('Cache-Control', 'private, no-cache');
    // Strong, so that If-Range may name it: a file that is being written has another as soon as it grows.
    ctx.set('ETag', `"${found.size.toString(16)}-${Math.round(found.mtimeMs * 1000).toString(16)}"`);
    await stream(ctx, folder, file);
  };
}

/** Koa has no part in the answer once its head is sent; errors before it are told as all others. */
function stream(ctx: RouterContext, root: string, file: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  ctx.res.statusCode = 200;
  ctx.res.once('close', resolve);
  send(ctx.req, file, { root, dotfiles: 'deny', index: false, cacheControl: false })
    .on('error', (error: Error & { status?: number; headers?: Record<string, string> }) => {
      ctx.set(error.headers ?? {});
      reject(error.status === 416 ? noRange(ctx, error) : error.status === 412 ? changed(error) : error);
    })
    .pipe(ctx.res);
  return promise.then(() => {
    ctx.respond = false;
  });
}

function noFile(file: string): SightlineError {
  const expected = `expected a part such as 000.mp4, ${RESULTS_FILE} or ${MANIFEST_FILE}`;
  return new SightlineError('not-found', `Cannot read ${file} of the recording: ${expected}`);
}

function noRange(ctx: RouterContext, cause: unknown): SightlineError {
  const message = `Cannot read ${ctx.get('Range')}: expected a range within the file`;
  return new SightlineError('range-invalid', message, { cause });
}

function changed(cause: unknown): SightlineError {
  const message =
    'Cannot read the file: expected it as If-Match or If-Unmodified-Since has it, found another';
  return new SightlineError('file-changed', message, { cause });
}
