import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { eventually } from '../support/eventually.ts';
import { greenBetween } from '../support/page-green.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { decoded, publish, restartIce, watch } from './whep-page.ts';

const FRAMES = 15;

describe.skipIf(!hasFootage)(
  'Chromium sends over WHIP and watches over WHEP (skipped without footage)',
  () => {
    let sightline: Sightline;
    let browser: Browser;
    let sessionId: string;

    beforeAll(async () => {
      [sightline, browser] = await Promise.all([
        startSightline(),
        launchBrowser({ camera: await cameraFile() }),
      ]);
      sessionId = await publish(await open(), '?task=detect&threshold=0.3');
    });
    afterAll(async () => {
      await browser?.close();
      await sightline?.close();
    });

    async function open(): Promise<Page> {
      const page = await browser.newPage();
      await page.goto(sightline.url);
      return page;
    }

    /** Opens a page that watches, and waits until it has shown some pictures. */
    async function viewer(query = ''): Promise<Page> {
      const page = await open();
      await watch(page, sessionId, query);
      await eventually(
        () => decoded(page),
        ({ frames }) => frames > FRAMES,
      );
      return page;
    }

    it('two pages see the annotated picture and hear the sound, in one encoding', async () => {
      const pages = await Promise.all([viewer(), viewer()]);
      for (const page of pages) {
        const { samples } = await eventually(
          () => decoded(page),
          (now) => now.samples > 0,
        );
        expect(samples).toBeGreaterThan(0);
        await eventually(
          () => greenBetween(page, '.watched', 0, 1),
          (green) => green > 500,
        );
      }
      const { watching } = await describeSession();
      expect(watching?.encodings).toMatchObject([{ codec: 'H264', viewers: 2, width: 640, height: 480 }]);
      await Promise.all(pages.map((page) => page.close()));
    });

    it('one page sees the camera itself, and has its ICE restarted', async () => {
      const page = await viewer('?output=passthrough');
      expect(await greenBetween(page, '.watched', 0, 1)).toBeLessThan(500);
      expect(await restartIce(page)).toEqual({ status: 200, anew: true });
      await page.close();
    });

    async function describeSession() {
      const response = await fetch(`${sightline.url}/sessions/${sessionId}`);
      return (await response.json()) as { watching?: { encodings: object[] } };
    }
  },
);
