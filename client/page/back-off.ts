import type { CallError, CallErrorCode } from '../sdk/call-error.ts';

/** Calls again by itself this many times before it leaves it to the person. */
export const MAX_TRIES = 5;

const LONGEST_SECONDS = 10;

/** What may be gone by itself in a moment. The rest needs the person: the camera, a key, another model. */
const passing: ReadonlySet<CallErrorCode> = new Set<CallErrorCode>([
  'server-unreachable',
  'ice-failed',
  'media-timeout',
  'session-unknown',
  'no-peer',
  'peer-timeout',
  'peer-lost',
  'sessions-exhausted',
]);

/**
 * Seconds to wait before the given try (1, 2, …): 1, 2, 4, 8 and then 10, or longer where the server asks for it.
 * Null where calling again by itself is of no use.
 */
export function retryAfter(error: CallError, attempt: number): number | null {
  if (!passing.has(error.code) || attempt > MAX_TRIES) return null;
  const growing = Math.min(LONGEST_SECONDS, 2 ** (attempt - 1));
  return Math.max(growing, Math.min(60, error.retryAfterSeconds ?? 0));
}
