import { expect, it } from 'vitest';
import { Scheduler } from '../../../peer/inference/scheduler.ts';
import { seededRandom } from '../../support/link/seeded-random.ts';
import { FakeRunner } from './fake-runner.ts';
import { ManualClock } from './manual-clock.ts';

const SOURCES = 8;
const FRAME_MS = 1000 / 30;
const SECONDS = 20;

/** Eight sources at 30 frames a second, one worker that manages some 55 runs, in simulated time. */
async function play(rates: readonly number[]) {
  const clock = new ManualClock();
  const random = seededRandom(7);
  const scheduler = new Scheduler<object>({ clock, inputFor: () => ({}) });
  const runner = new FakeRunner();
  scheduler.addRunner(runner);
  const sources = rates.map(() => scheduler.addSource());
  const waits = rates.map((): number[] => []);
  const resultsAt = rates.map((): number[] => []);
  const offer = async (index: number) => {
    const prepare = () => new Promise<void>((resolve) => clock.after(1, resolve));
    const job = { width: 1, height: 1, threshold: 0.5, prepare, release: () => {} };
    const result = await sources[index]?.offer(job);
    if (!result) return;
    waits[index]?.push(result.timings.wait);
    resultsAt[index]?.push(clock.now());
  };
  const nextAt = rates.map(() => random() * FRAME_MS);
  let doneAt: number | undefined;
  for (let now = 0; now < SECONDS * 1000; now++) {
    for (const [index, rate] of rates.entries()) {
      if (now < (nextAt[index] ?? 0)) continue;
      // Cameras and networks are not punctual.
      nextAt[index] = now + 1000 / rate + (random() - 0.5) * 8;
      void offer(index);
    }
    await clock.advance(1);
    if (runner.running) doneAt ??= now + 14 + random() * 8;
    if (doneAt === undefined || now < doneAt) continue;
    await runner.finish();
    doneAt = runner.running ? now + 14 + random() * 8 : undefined;
  }
  for (const source of sources) source.close();
  while (runner.running) await runner.finish();
  const gaps = resultsAt.map((times) => times.slice(1).map((at, i) => at - (times[i] ?? at)));
  return { waits, gaps };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const p95 = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(0.95 * values.length)] ?? Number.NaN;

it('eight sources that are too much for one worker wait alike, and none for long', async () => {
  const { waits, gaps } = await play(Array.from({ length: SOURCES }, () => 30));
  const worst = Math.max(...waits.map(p95));
  expect(worst / mean(waits.flat())).toBeLessThanOrEqual(2);
  expect(Math.max(...gaps.flat())).toBeLessThan(1000);
  const counts = waits.map(({ length }) => length);
  expect(Math.min(...counts) / Math.max(...counts)).toBeGreaterThan(0.95);
});

it('a source that offers four times as often gets no more than its share', async () => {
  const { waits, gaps } = await play([60, ...Array.from({ length: SOURCES - 1 }, () => 15)]);
  const [busy = 0, ...others] = waits.map(({ length }) => length);
  expect(busy / mean(others)).toBeLessThan(1.1);
  expect(Math.max(...gaps.flat())).toBeLessThan(1000);
});
