import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { SightlineError } from '../../../protocol/errors.ts';
import { MAX_IMAGES } from '../../../protocol/infer.ts';
import type { BatchPart } from './batch.ts';
import { expectImageBytes, MAX_IMAGE_BYTES } from './limits.ts';

type Found =
  | { readonly file: BusboyFileStream }
  | { readonly field: readonly [name: string, value: string] }
  | { readonly failure: unknown };

/** One more than there may be, so that it is told. */
const MAX_FILES = MAX_IMAGES + 1;
const MAX_FIELDS = 16;

const limits = {
  files: MAX_FILES,
  fileSize: MAX_IMAGE_BYTES + 1,
  fields: MAX_FIELDS,
  // Those without a name as well: each costs the time of the thread of the network.
  parts: MAX_FILES + MAX_FIELDS,
  fieldSize: 16_384,
  fieldNameSize: 64,
  headerPairs: 16,
};

/**
 * The parts of a multipart/form-data body (RFC 7578): each file an image, each field a setting. The body is read as far
 * as the files are taken.
 * @throws SightlineError `infer-invalid`
 */
export async function* readMultipart(
  chunks: AsyncIterable<Buffer>,
  contentType: string,
): AsyncGenerator<BatchPart> {
  const parser = newParser(contentType);
  const found = findIn(parser, chunks);
  try {
    for await (const part of found) {
      if ('failure' in part) throw asProblem(part.failure);
      yield 'file' in part ? await readFile(part.file) : { settings: settingOf(part.field) };
    }
  } finally {
    parser.destroy();
  }
}

function newParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits });
  } catch (error) {
    throw asProblem(error);
  }
}

/** Holds what one chunk of the body begins at most: a file that is not read holds the parser back. */
function findIn(parser: BusboyInstance, chunks: AsyncIterable<Buffer>): AsyncIterable<Found> {
  const found = new Readable({ objectMode: true, read: () => {} });
  const files: BusboyFileStream[] = [];
  parser.on('file', (_name, file) => {
    // One that is cut short is told to whoever reads it.
    file.on('error', () => {});
    files.push(file);
    found.push({ file });
  });
  parser.once('partsLimit', () => found.push({ failure: tooManyParts() }));
  parser.on('field', (name, value) => found.push({ field: [name, value] }));
  pipeline(chunks, parser).then(
    () => found.push(null),
    (failure: unknown) => {
      for (const file of files) if (!file.readableEnded) file.destroy(asProblem(failure));
      found.push({ failure });
      found.push(null);
    },
  );
  return found;
}

async function readFile(file: BusboyFileStream): Promise<BatchPart> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of file as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes <= MAX_IMAGE_BYTES) parts.push(part);
    }
  } catch (error) {
    throw asProblem(error);
  }
  const failure = expectImageBytes(bytes);
  return failure ? { failure } : { bytes: Buffer.concat(parts) };
}

/** A form has texts alone. */
function settingOf([name, value]: readonly [string, string]): Record<string, unknown> {
  return { [name]: value };
}

function tooManyParts(): SightlineError {
  return new SightlineError(
    'infer-invalid',
    `Cannot read the body as a form: expected at most ${limits.parts} parts, found more`,
  );
}

function asProblem(error: unknown): SightlineError {
  if (error instanceof SightlineError) return error;
  const found = error instanceof Error ? error.message : String(error);
  return new SightlineError('infer-invalid', `Cannot read the body as a form: ${found}`, { cause: error });
}
