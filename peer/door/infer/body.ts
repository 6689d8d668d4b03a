import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import { SightlineError } from '../../../protocol/errors.ts';
import type { BatchPart } from './batch.ts';
import { JsonScanner } from './json-scanner.ts';
import { expectImageBytes, MAX_BODY_BYTES } from './limits.ts';
import { readMultipart } from './multipart.ts';

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'application/octet-stream'];

/**
 * The images and settings in the body of a request, in their order; the body is read as far as they are taken.
 * @throws SightlineError `media-type-unsupported`, `body-too-large`, and of the body's form `not-json`, `infer-invalid`
 */
export function partsOf(ctx: Context): AsyncGenerator<BatchPart> {
  const type = ctx.request.type.toLowerCase();
  const encoding = ctx.get('Content-Encoding') || 'identity';
  const chunks = chunksOf(ctx.req);
  if (encoding !== 'identity') throw unsupported(`Content-Encoding: ${encoding}`);
  if (type === 'application/json') return readJson(chunks);
  if (type === 'multipart/form-data') return readMultipart(chunks, ctx.get('Content-Type'));
  if (IMAGE_TYPES.includes(type)) return readImage(chunks);
  throw unsupported(type || 'no Content-Type');
}

/** Leaves the connection as it is where not all is read, so that an answer can be sent. */
async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      const message = `Cannot read the body: expected at most ${MAX_BODY_BYTES} bytes, found more`;
      throw new SightlineError('body-too-large', message);
    }
    yield chunk;
  }
}

async function* readJson(chunks: AsyncGenerator<Buffer>): AsyncGenerator<BatchPart> {
  const scanner = new JsonScanner();
  for await (const chunk of chunks) yield* scanner.push(chunk);
  yield { settings: scanner.end() };
}

async function* readImage(chunks: AsyncGenerator<Buffer>): AsyncGenerator<BatchPart> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    const failure = expectImageBytes(bytes);
    if (failure) throw failure;
    parts.push(chunk);
  }
  if (bytes > 0) yield { bytes: Buffer.concat(parts) };
}

function unsupported(found: string): SightlineError {
  return new SightlineError(
    'media-type-unsupported',
    `Cannot read the body: expected application/json, multipart/form-data or ${IMAGE_TYPES.join(', ')}, found ${found}`,
  );
}
