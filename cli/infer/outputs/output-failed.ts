import { basename } from 'node:path';
import { SightlineError } from '../../../protocol/errors.ts';
import { STANDARD } from '../options.ts';

/** @param path as it was named */
export function outputFailed(path: string, cause: unknown): SightlineError {
  const name = path === STANDARD ? 'standard output' : basename(path);
  const found = cause instanceof Error ? cause.message : String(cause);
  const words = `expected room and a place to write to, found "${found}"`;
  return new SightlineError('output-failed', `Cannot write ${name}: ${words}`, { cause });
}
