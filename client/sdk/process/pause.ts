import type { CallError } from '../call-error.ts';
import { isPassing } from '../passing.ts';

const LONGEST_SECONDS = 30;

/**
 * Seconds to wait before the given try (1, 2, …) while nobody looks on: about 1, 2, 4, … and then 30, or longer where the
 * server asks for it. Null where calling again is of no use.
 * @param random 0 to 1; spreads the calls of those who lost the server at the same moment
 */
export function pauseSeconds(error: CallError | undefined, attempt: number, random: number): number | null {
  if (error && !isPassing(error.code)) return null;
  const growing = Math.min(LONGEST_SECONDS, 2 ** (attempt - 1));
  return Math.max(growing * (0.75 + random / 2), Math.min(60, error?.retryAfterSeconds ?? 0));
}
