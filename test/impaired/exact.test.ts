import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { hasFootage } from '../support/camera.ts';
import { lapFilm } from '../support/exact/lap-film.ts';
import { overlayErrors, shareExact } from '../support/exact/overlay-error.ts';
import { readFrames, takeFrames } from '../support/exact/read-call.ts';
import { LinkedCall } from '../support/linked-call.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const SETTLE_MS = 1500;
const FRAMES = 50;

/** The short form of `npm run bench -- exact`. */
describe.skipIf(!hasFootage)(
  'what is drawn on frames in exact, at 2 % loss and 50 ± 50 ms (skipped where there is no footage)',
  () => {
    let browser: Browser;
    let sightline: Sightline;
    let call: LinkedCall;
    beforeAll(async () => {
      [browser, sightline] = await Promise.all([
        lapFilm().then((camera) => launchBrowser({ camera })),
        startSightline(),
      ]);
      call = await LinkedCall.start(browser, sightline.url);
      await call.page.page.getByTestId('sync').selectOption('exact');
      await readFrames(call.page.page);
      for (const direction of ['up', 'down'] as const) {
        await call.link.set(direction, { loss: 0.02, delay: 50, jitter: 50 });
      }
    });
    afterAll(async () => {
      await call?.close();
      await browser?.close();
      await sightline?.close();
    });

    it.each([
      ['the server', 'annotated'],
      ['the page', 'passthrough'],
    ])('is the result of the very frame where %s draws', async (_, output) => {
      const { page } = call.page;
      await page.getByTestId('output').selectOption(output);
      await delay(SETTLE_MS);
      await takeFrames(page);
      await untilRead(page, FRAMES);
      const errors = overlayErrors(await takeFrames(page));
      expect(errors.lags.length).toBeGreaterThan(FRAMES / 2);
      expect(shareExact(errors)).toBe(1);
    });
  },
);

/** Waits for pictures that are not the one before. */
async function untilRead(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const numbers = window.__read?.map(({ number }) => number) ?? [];
    return numbers.filter((number, index) => number !== numbers[index - 1]).length > wanted;
  }, count);
}
