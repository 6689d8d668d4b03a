import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until the answer is accepted; for state of other processes, which no event tells of.
 * @throws Error with the last answer once the time is over
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  accept: (answer: T) => boolean,
  { timeoutMs = 15_000, intervalMs = 100 } = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (accept(answer)) return answer;
    if (performance.now() > end)
      throw new Error(`Not in ${timeoutMs} ms; the last answer was ${JSON.stringify(answer)}`);
    await delay(intervalMs);
  }
}
