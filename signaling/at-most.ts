import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `done` settles, but no longer than `limitMs`: what hangs does not keep the rest from closing. */
export async function atMost(limitMs: number, done: Promise<unknown>): Promise<void> {
  const limit = new AbortController();
  try {
    await Promise.race([done, delay(limitMs, undefined, { signal: limit.signal }).catch(ignoreAbort)]);
  } finally {
    limit.abort();
  }
}

/** An AbortError says only that nobody waits any more; every other error is thrown on. */
export function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
