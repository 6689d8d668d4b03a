import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { measureLipSync } from '../support/lip-sync/measure.ts';
import type { LipSyncReading, LipSyncSample } from '../support/lip-sync/probe.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

/** Chromium aligns streams once it has two reports of each, and it reports on sound itself only every 5 s. */
const SETTLED_MS = 7000;

/** How close they are in the end is the browser's doing and the machine's; the benchmark measures that. */
describe('lips and sound in a real browser', () => {
  let sightline: Sightline;
  let browser: Browser;
  let reading: LipSyncReading;
  let settled: (LipSyncSample & { believed: number })[];

  beforeAll(async () => {
    [sightline, browser] = await Promise.all([startSightline(), launchBrowser()]);
    reading = await measureLipSync(browser, sightline.url, { server: sightline.url, seconds: 16 });
    settled = reading.samples.flatMap(({ believed, ...sample }) =>
      believed === null || sample.at < SETTLED_MS ? [] : [{ ...sample, believed }],
    );
  });
  afterAll(async () => {
    await browser?.close();
    await sightline?.close();
  });

  it('come back in one MediaStream', () => {
    expect(reading.streams).toEqual(['sightline-0', 'sightline-0']);
  });

  it('are told of on one clock: the browser believes what is seen and heard', () => {
    const errors = settled.map(({ video, audio, believed }) => Math.abs(video - audio - believed));
    expect(settled.length).toBeGreaterThanOrEqual(3);
    expect(median(errors)).toBeLessThan(45);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
