import { SightlineError } from '../../protocol/errors.ts';

/** Each takes an encoder of its own. */
const MAX_OF_SESSION = 4;

export function off(): SightlineError {
  const words = 'expected a folder in SIGHTLINE_RECORDINGS_DIR, found none';
  return new SightlineError('recording-off', `Cannot record: ${words}`);
}

export function hidden(): SightlineError {
  const words = 'expected a session that hides nothing, found effects';
  return new SightlineError('recording-hidden', `Cannot record the picture as it came: ${words}`);
}

/** @param count recordings of the session that run @throws SightlineError `recordings-exhausted` */
export function expectPlace(count: number): void {
  if (count < MAX_OF_SESSION) return;
  const words = `expected fewer than ${MAX_OF_SESSION} that run, found ${count}`;
  throw new SightlineError('recordings-exhausted', `Cannot record the session once more: ${words}`);
}

export function noRoom(): SightlineError {
  const words = 'expected room below SIGHTLINE_RECORDINGS_MAX_BYTES, found it taken by recordings that run';
  return new SightlineError('recording-quota', `Cannot record: ${words}`);
}

export function notBegun(cause: unknown): SightlineError {
  const found = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const words = `expected room and a place to write to, found ${found}`;
  return new SightlineError('recording-failed', `Cannot record: ${words}`, { cause });
}

export function unknown(id: string): SightlineError {
  return new SightlineError(
    'recording-unknown',
    `Cannot find the recording ${id}: it never was, or was removed`,
  );
}
