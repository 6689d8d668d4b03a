import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { LinkedCall } from '../support/linked-call.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { longestFreeze, presentedPerSecond, type WatchedPage } from '../support/watched-page.ts';

const OUTAGE_MS = 2000;
const MEASURE_MS = 5000;
const RAMP_MS = 3000;

const now = () => performance.timeOrigin + performance.now();

describe.skipIf(!hasFootage)('a call over a bad network (skipped where there is no footage)', () => {
  let browser: Browser;
  let sightline: Sightline | undefined;
  beforeAll(async () => {
    browser = await launchBrowser({ camera: await cameraFile() });
  });
  afterAll(async () => {
    await browser?.close();
    await sightline?.close();
  });

  async function serve(): Promise<string> {
    await sightline?.close();
    sightline = await startSightline();
    return sightline.url;
  }

  /** Frames shown are compared with those of the same call before its network was made bad: this machine has its days. */
  it('goes on with 2 % loss, 50 ± 20 ms and 1 Mbit/s each way', async () => {
    await using call = await LinkedCall.start(browser, await serve());
    const good = await watch(call.page);
    for (const direction of ['up', 'down'] as const) {
      await call.link.set(direction, { loss: 0.02, delay: 50, jitter: 20, rate: 1_000_000 });
    }
    const bad = await watch(call.page);
    expect(bad.fps).toBeGreaterThan(good.fps * 0.3);
    expect(bad.freezeMs).toBeLessThan(Math.max(1500, good.freezeMs * 4));
    expect(bad.results).toBeGreaterThan(good.results * 0.2);

    const { up, down } = await call.link.stats();
    expect(Math.min(up.dropped.loss, down.dropped.loss)).toBeGreaterThan(0);
  }, 90_000);

  it('shows nothing new during an outage of 2 s, and again sooner after it than it lasted', async () => {
    const impairment = { delay: 25, rate: 3_000_000 };
    await using call = await LinkedCall.start(browser, await serve(), {
      up: impairment,
      down: impairment,
    });
    const before = await watch(call.page);
    const { from, to } = await call.link.outage(OUTAGE_MS);
    const first = await call.page.firstShownAfter(to);
    expect(first.at - to).toBeLessThan(OUTAGE_MS);
    const shown = await call.page.shownSince(from + OUTAGE_MS / 4);
    expect(shown.filter(({ at }) => at < to)).toEqual([]);

    const after = await watch(call.page);
    expect(after.fps).toBeGreaterThan(before.fps * 0.5);
    expect(after.results).toBeGreaterThan(before.results * 0.4);
  }, 90_000);

  it('goes on when the way from the server falls to 300 kbit/s', async () => {
    await using call = await LinkedCall.start(browser, await serve(), {
      up: { delay: 20 },
      down: { delay: 20 },
    });
    const wide = await watch(call.page);
    await call.link.set('down', { rate: 300_000 });
    const changedAt = now();
    await delay(RAMP_MS);
    const narrow = await watch(call.page);
    expect(narrow.fps).toBeGreaterThan(wide.fps * 0.2);
    expect(narrow.results).toBeGreaterThan(wide.results * 0.05);

    const { windows } = (await call.link.stats()).down;
    const since = windows.filter(({ startedAt }) => startedAt > changedAt + 2 * RAMP_MS);
    const queues = since.map(({ queueMs }) => queueMs.p50).sort((a, b) => a - b);
    expect(queues[Math.floor(queues.length / 2)]).toBeLessThan(300);
    const perSecond = since.reduce((sum, { bytesOut }) => sum + bytesOut * 8, 0) / (since.length * 0.5);
    expect(perSecond).toBeLessThan(300_000);
  }, 90_000);
});

/** How a call looks from the page, over a while. */
async function watch(page: WatchedPage) {
  await delay(RAMP_MS);
  const from = now();
  const before = await page.results();
  await delay(MEASURE_MS);
  const to = now();
  const shown = await page.shownSince(from);
  return {
    fps: presentedPerSecond(shown),
    freezeMs: longestFreeze(
      shown.filter(({ at }) => at <= to),
      from,
      to,
    ),
    results: (await page.results()) - before,
  };
}
