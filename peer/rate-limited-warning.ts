import type { Logger } from './log.ts';

const INTERVAL_MS = 1000;

export type RateLimitedWarning = (fields: object, message: string) => void;

/** Warns at most once a second, of the first of what happened and how often it did since the last time. */
export function rateLimitedWarning(log: Logger): RateLimitedWarning {
  let nextAt = Number.NEGATIVE_INFINITY;
  let times = 0;
  return (fields, message) => {
    times++;
    const now = performance.now();
    if (now < nextAt) return;
    log.warn({ ...fields, times }, message);
    nextAt = now + INTERVAL_MS;
    times = 0;
  };
}
