import { setImmediate } from 'node:timers/promises';

/** About a millisecond of work. */
const PIXELS_AT_ONCE = 100_000;

/**
 * Works on a large picture in bands, so that packets of others need not wait for all of it.
 * @param work on the rows from `from`, which is even, to before `end`
 */
export async function inBands(
  { width, height }: { readonly width: number; readonly height: number },
  work: (from: number, end: number) => void,
): Promise<void> {
  const rows = Math.max(2, 2 * Math.floor(PIXELS_AT_ONCE / width / 2));
  for (let from = 0; from < height; from += rows) {
    if (from > 0) await setImmediate();
    work(from, Math.min(height, from + rows));
  }
}
