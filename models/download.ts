import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SightlineError } from '../protocol/errors.ts';
import { downloadFailed, get } from './http-source.ts';
import { PartFile } from './part-file.ts';
import { type Fingerprint, fingerprintOf, hashMismatch, sameFile } from './verify.ts';
import { Watchdog } from './watchdog.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const STALL_TIMEOUT_MS = 20_000;

/** Options of {@link download}. */
export interface DownloadOptions {
  /** How long the server may take to begin its answer. */
  readonly connectTimeoutMs?: number;
  /** How long the server may send nothing. */
  readonly stallTimeoutMs?: number;
  /** Told how many bytes there are of the file. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** One download under way. */
interface Transfer {
  readonly url: string;
  readonly expected: Fingerprint;
  readonly part: PartFile;
  readonly options: DownloadOptions;
}

/**
 * Downloads a file and puts it at `target` once it is all there and its hash is right; nothing else is ever seen there.
 * What came before an interruption is kept, and the next download goes on from there.
 *
 * @throws `model-download-failed` when the file cannot be had now; `model-hash-mismatch` when the server has another
 * file, which is then deleted; the signal's reason when it is aborted.
 */
export async function download(
  url: string,
  target: string,
  expected: Fingerprint,
  options: DownloadOptions = {},
): Promise<void> {
  options.signal?.throwIfAborted();
  await mkdir(dirname(target), { recursive: true });
  const part = await PartFile.claim(target, url);
  try {
    await fill({ url, expected, part, options });
  } catch (error) {
    if (error instanceof SightlineError && error.code === 'model-hash-mismatch') await part.discard();
    else await part.release();
    throw error;
  }
  await part.promote();
}

/** Completes the part and checks it. One that was there before and proves wrong is downloaded once more, whole. */
async function fill(transfer: Transfer): Promise<void> {
  const { url, part, expected } = transfer;
  const resumed = part.size > 0;
  if (part.size !== expected.size) await request(transfer);
  let found = await fingerprintOf(part.path);
  if (resumed && !sameFile(found, expected)) {
    await part.restart(undefined);
    await request(transfer);
    found = await fingerprintOf(part.path);
  }
  if (found !== undefined && sameFile(found, expected)) return;
  throw refused(url, expected, found ?? { sha256: 'none', size: 0 });
}

/** Asks for what is missing and appends it. Without a validator, or past the end, it asks for everything. */
async function request(transfer: Transfer): Promise<void> {
  const { url, part, expected, options } = transfer;
  if (part.validator === undefined || part.size > expected.size) await part.restart(undefined);
  const watchdog = new Watchdog();
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  watchdog.feed(connectTimeoutMs, () => downloadFailed(url, `no answer within ${connectTimeoutMs / 1000} s`));
  const signal = AbortSignal.any([watchdog.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    let response = await get(url, headersFor(part), signal);
    if (part.size > 0 && isUselessRange(response, transfer)) {
      await response.body?.cancel();
      await part.restart(undefined);
      response = await get(url, headersFor(part), signal);
    }
    await receive(response, transfer, watchdog);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SightlineError) throw error;
    throw downloadFailed(url, reasonOf(error), error);
  } finally {
    watchdog.close();
  }
}

function headersFor(part: PartFile): Record<string, string> {
  const whole = { 'accept-encoding': 'identity' };
  if (part.size === 0 || part.validator === undefined) return whole;
  return { ...whole, range: `bytes=${part.size}-`, 'if-range': part.validator };
}

/** Whether the answer to a range cannot be appended: 416, or another range than the one asked for (RFC 9110, 14.4). */
function isUselessRange({ status, headers }: Response, { part, expected }: Transfer): boolean {
  if (status !== 206) return status === 416;
  return headers.get('content-range') !== `bytes ${part.size}-${expected.size - 1}/${expected.size}`;
}

async function receive(response: Response, transfer: Transfer, watchdog: Watchdog): Promise<void> {
  const { url, part, expected, options } = transfer;
  if (response.status === 200) await part.restart(validatorOf(response));
  else if (response.status !== 206) {
    await response.body?.cancel();
    throw downloadFailed(url, `expected status 200, found ${response.status}`);
  }
  assertLength(response, transfer);
  const { stallTimeoutMs = STALL_TIMEOUT_MS } = options;
  const stalled = () => downloadFailed(url, `no bytes for ${stallTimeoutMs / 1000} s, after ${part.size}`);
  watchdog.feed(stallTimeoutMs, stalled);
  for await (const chunk of response.body ?? []) {
    if (part.size + chunk.length > expected.size) throw tooLong(url, expected);
    await part.append(chunk);
    watchdog.feed(stallTimeoutMs, stalled);
    options.onBytes?.(part.size);
  }
  if (part.size < expected.size) {
    throw downloadFailed(url, `expected ${expected.size} bytes, found the end after ${part.size}`);
  }
}

/** A strong ETag, or else a date: only those may stand in If-Range (RFC 9110, 13.1.5). */
function validatorOf({ headers }: Response): string | undefined {
  const etag = headers.get('etag');
  return etag?.startsWith('"') ? etag : (headers.get('last-modified') ?? undefined);
}

/** An answer that says it has another length is another file: a login page, most often. */
function assertLength({ headers }: Response, { url, part, expected }: Transfer): void {
  const length = headers.get('content-length');
  if (length === null || part.size + Number(length) === expected.size) return;
  const message = `expected ${expected.size} bytes, found ${part.size + Number(length)}`;
  throw new SightlineError('model-hash-mismatch', `Cannot use what ${url} answers: ${message}`);
}

function tooLong(url: string, expected: Fingerprint): SightlineError {
  const message = `expected ${expected.size} bytes, found more`;
  return new SightlineError('model-hash-mismatch', `Cannot use what ${url} answers: ${message}`);
}

function refused(url: string, expected: Fingerprint, found: Fingerprint): SightlineError {
  const remedy = 'the file was deleted; the server has another version, or something on the way changed it';
  return hashMismatch(`what came from ${url}`, expected, found, remedy);
}

/** `fetch` says no more than "fetch failed"; why stands in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
