import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {} from '../../client/page/debug.ts';
import { processCodecs } from '../peer/codec/implementations.ts';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { eventually } from '../support/eventually.ts';
import { idlePeer } from '../support/idle-peer.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const RESULTS = 20;

/** How many processes of ffmpeg descend from this one. */
function ffmpegs(): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isOurFfmpeg(Number(pid))).length;
}

function isOurFfmpeg(pid: number): boolean {
  if (!/^Name:\tffmpeg$/m.test(status(pid)) || /^State:\tZ/m.test(status(pid))) return false;
  for (let parent = pid; parent > 1; ) {
    if (parent === process.pid) return true;
    parent = Number(/^PPid:\t(\d+)$/m.exec(status(parent))?.[1] ?? 0);
  }
  return false;
}

function status(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

describe.skipIf(!processCodecs)(
  'a call from a real browser without node-av (needs an ffmpeg program)',
  () => {
    let sightline: Sightline;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      const camera = hasFootage ? { camera: await cameraFile() } : {};
      [sightline, browser] = await Promise.all([
        startSightline({ SIGHTLINE_CODEC: 'ffmpeg' }),
        launchBrowser(camera),
      ]);
      page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`${sightline.url}/?debug`);
      await page.getByTestId('start').click();
      await page.waitForFunction((count) => (window.__sightline?.counters.results ?? 0) >= count, RESULTS);
    });
    afterAll(async () => {
      await browser?.close();
      await sightline?.close();
    });

    it('brings results, and frames that the browser shows, at the rate of the camera or close to it', async () => {
      await page.waitForFunction(() => Number(document.querySelector('[data-testid=fps]')?.textContent) > 10);
      const { shown, reported } = await page.evaluate(() => ({
        shown: window.__sightline?.frames ?? [],
        reported: window.__sightline?.results.map(({ rtpTimestamp }) => rtpTimestamp) ?? [],
      }));
      const [first = 0, last = 0] = [shown[0], shown.at(-1)];
      const within = reported.filter((timestamp) => timestamp >= first && timestamp <= last);
      const matched = within.filter((timestamp) => shown.some((other) => Math.abs(other - timestamp) <= 1));
      expect(matched.length).toBeGreaterThan(3);
    });

    it.skipIf(!hasFootage)('draws what it finds in what is returned (skipped without footage)', async () => {
      await page.getByTestId('seen').getByText('person').waitFor();
      const green = (testId: string) =>
        page.getByTestId(testId).evaluate((element) => {
          const video = element as HTMLVideoElement;
          const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
          const context = canvas.getContext('2d');
          context?.drawImage(video, 0, 0);
          const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          let count = 0;
          for (let at = 0; at < pixels.length; at += 4) {
            const [r, g, b] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
            if (g > 120 && g > r + 40 && g > b + 40) count++;
          }
          return count;
        });
      const [annotated, self] = [await green('annotated'), await green('self')];
      expect(annotated).toBeGreaterThan(self + 500);
    });

    it('says which codec it is, to whoever asks and on the page', async () => {
      const health = (await (await fetch(`${sightline.url}/healthz`)).json()) as {
        peers: { codec: string }[];
      };
      expect(health.peers.map(({ codec }) => codec)).toEqual([processCodecs?.info]);
      await page
        .getByTestId('server-codec')
        .getByText(/^ffmpeg process .*slower$/)
        .waitFor();
    });

    it('leaves no process and no frame when the tab is closed', async () => {
      expect(ffmpegs()).toBeGreaterThanOrEqual(process.platform === 'linux' ? 3 : 0);
      await page.close({ runBeforeUnload: false });
      expect(await idlePeer(sightline)).toMatchObject({ natives: 0 });
      await eventually(
        async () => ffmpegs(),
        (left) => left === 0,
      );
    });
  },
);
