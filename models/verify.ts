import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { SightlineError } from '../protocol/errors.ts';

/** What tells one file from another. */
export interface Fingerprint {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * The fingerprint of a file; undefined when there is none.
 *
 * @param onBytes Told how many bytes have been read so far.
 * @throws `model-unreadable` when something is there that cannot be read as a file.
 */
export async function fingerprintOf(
  path: string,
  onBytes?: (bytes: number) => void,
): Promise<Fingerprint | undefined> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk);
      size += chunk.length;
      onBytes?.(size);
    }
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new SightlineError('model-unreadable', `Cannot read the model file ${path}: ${String(cause)}`, {
      cause,
    });
  }
  return { sha256: hash.digest('hex'), size };
}

/** Whether two fingerprints are those of the same bytes. */
export function sameFile(found: Fingerprint | undefined, expected: Fingerprint): boolean {
  return found?.size === expected.size && found.sha256 === expected.sha256;
}

/** The `model-hash-mismatch` for a file that is not the one expected. `remedy` says what the reader can do. */
export function hashMismatch(
  what: string,
  expected: Fingerprint,
  found: Fingerprint,
  remedy: string,
): SightlineError {
  return new SightlineError(
    'model-hash-mismatch',
    `Cannot use ${what}: expected ${describe(expected)}, found ${describe(found)}; ${remedy}`,
  );
}

/** Whether a file system error says that nothing is there. */
export function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function describe({ size, sha256 }: Fingerprint): string {
  return `${size} bytes with SHA-256 ${sha256}`;
}
