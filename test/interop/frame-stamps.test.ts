import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {} from '../../client/page/debug.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { hasFirefox, launchFirefox } from './firefox.ts';

declare global {
  interface Window {
    /** Of each shown frame: the RTP timestamp that the browser knows, and the one that the page found without it. */
    __stamps?: [known: number, found: number | undefined][];
  }
}

describe.skipIf(!hasFirefox)(
  'a Firefox that does not tell which frame is shown (skipped where there is no firefox-esr)',
  () => {
    let sightline: Sightline;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      [sightline, browser] = await Promise.all([startSightline(), launchFirefox()]);
      page = await browser.newPage();
      await page.evaluateOnNewDocument(hideTimestamps);
      await page.goto(`${sightline.url}/?debug&autostart`);
    });
    afterAll(async () => {
      await browser?.close();
      await sightline?.close();
    });

    it('finds the RTP timestamps of shown frames with a transform of the encoded frames', async () => {
      await page.waitForFunction(
        () => (window.__stamps?.filter(([, found]) => found !== undefined).length ?? 0) > 40,
      );
      const stamps = (await page.evaluate(() => window.__stamps)) ?? [];
      const from = stamps.findIndex(([, found]) => found !== undefined);
      const after = stamps.slice(from);
      const right = after.filter(([known, found]) => found !== undefined && Math.abs(known - found) <= 1);
      expect(right.length / after.length).toBeGreaterThan(0.8);
    }, 60_000);

    it('paints the camera’s own picture, of which it knows the timestamps that way', async () => {
      await page.select('#output', 'passthrough');
      const painted = await page.waitForFunction(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=overlay]');
        if (!canvas || canvas.hidden) return null;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return new Set(pixels).size;
      });
      // A black canvas has two values: that of its colours and that of its alpha.
      expect(await painted.jsonValue()).toBeGreaterThan(10);
    });
  },
);

/** Runs in the page, before its own scripts. */
function hideTimestamps(): void {
  const stamps: NonNullable<Window['__stamps']> = [];
  window.__stamps = stamps;
  const ask = HTMLVideoElement.prototype.requestVideoFrameCallback;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
    return ask.call(this, (now, told) => {
      const counted = window.__sightline?.frames.length ?? 0;
      const { rtpTimestamp, receiveTime = 0, width, height, mediaTime, presentedFrames } = told;
      const { expectedDisplayTime, presentationTime } = told;
      callback(now, {
        receiveTime,
        width,
        height,
        mediaTime,
        presentedFrames,
        expectedDisplayTime,
        presentationTime,
      });
      const frames = window.__sightline?.frames ?? [];
      const found = frames.length > counted || frames.length === 300 ? frames.at(-1) : undefined;
      if (rtpTimestamp !== undefined) stamps.push([rtpTimestamp, found]);
    });
  };
}
