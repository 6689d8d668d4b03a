import type { CallError } from '../sdk/call-error.ts';
import { isPassing } from '../sdk/passing.ts';

/** Calls again by itself this many times before it leaves it to the person. */
export const MAX_TRIES = 5;

const LONGEST_SECONDS = 10;

/**
 * Seconds to wait before the given try (1, 2, …): 1, 2, 4, 8 and then 10, or longer where the server asks for it.
 * Null where calling again by itself is of no use.
 */
export function retryAfter(error: CallError, attempt: number): number | null {
  if (!isPassing(error.code) || attempt > MAX_TRIES) return null;
  const growing = Math.min(LONGEST_SECONDS, 2 ** (attempt - 1));
  return Math.max(growing, Math.min(60, error.retryAfterSeconds ?? 0));
}
