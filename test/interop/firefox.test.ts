import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {} from '../../client/page/debug.ts';
import { sessionDescriptionSchema } from '../../protocol/session.ts';
import { eventually } from '../support/eventually.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { hasFirefox, launchFirefox } from './firefox.ts';

/** How long frames are counted for one figure. */
const WINDOW_MS = 2000;

describe.skipIf(!hasFirefox)('the call page in Firefox (skipped where there is no firefox-esr)', () => {
  let sightline: Sightline;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [sightline, browser] = await Promise.all([startSightline(), launchFirefox()]);
    page = await browser.newPage();
    await page.goto(`${sightline.url}/?debug&autostart`);
    await page.waitForFunction(() => (window.__sightline?.counters.results ?? 0) >= 10);
  });
  afterAll(async () => {
    await browser?.close();
    await sightline?.close();
  });

  it('gets its camera back at 15 frames a second or more', async () => {
    // Firefox counts frames of a MediaStream here alone: getVideoPlaybackQuality() stays at 0
    const framesPerSecond = () =>
      page.$eval(
        '[data-testid=annotated]',
        async (element, windowMs) => {
          const shown = () =>
            new Promise<{ at: number; count: number }>((resolve) => {
              (element as HTMLVideoElement).requestVideoFrameCallback((at, { presentedFrames: count }) =>
                resolve({ at, count }),
              );
            });
          const before = await shown();
          await new Promise((resolve) => setTimeout(resolve, windowMs));
          const after = await shown();
          return ((after.count - before.count) * 1000) / (after.at - before.at);
        },
        WINDOW_MS,
      );
    const rate = await eventually(framesPerSecond, (found) => found >= 15);
    expect(rate).toBeGreaterThanOrEqual(15);
  });

  it('gets results that name the RTP timestamps of the frames that it shows', async () => {
    const { shown, reported } = await page.evaluate(() => ({
      shown: window.__sightline?.frames ?? [],
      reported: window.__sightline?.results.map(({ rtpTimestamp }) => rtpTimestamp) ?? [],
    }));
    const [first = 0, last = 0] = [shown[0], shown.at(-1)];
    const within = reported.filter((timestamp) => timestamp >= first && timestamp <= last);
    const matched = within.filter((timestamp) => shown.some((other) => Math.abs(other - timestamp) <= 1));
    expect(within.length).toBeGreaterThan(5);
    expect(matched.length / within.length).toBeGreaterThan(0.5);
  });

  it('is answered with VP8, for want of H.264', async () => {
    const sessionId = await page.evaluate(() => window.__sightline?.call?.sessionId);
    const session = sessionDescriptionSchema.parse(
      await (await fetch(`${sightline.url}/sessions/${sessionId}`)).json(),
    );
    expect(session.state).toBe('connected');
    expect(session.tracks).toMatchObject([{ codec: 'VP8' }]);
  });

  it('embed.js gives a page the annotated camera, painted on a canvas', async () => {
    const other = await browser.newPage();
    await other.goto(`${sightline.url}/embed.js`);
    const found = await other.evaluate(async () => {
      const script = document.createElement('script');
      script.src = '/embed.js';
      script.dataset['default'] = '';
      const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
      document.documentElement.append(script);
      await loaded;
      const annotated = new Promise((resolve) => window.addEventListener('sightline', resolve));
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
      const [track] = stream.getVideoTracks();
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = stream;
      await video.play();
      const news = (await annotated) as CustomEvent<{ source?: string }>;
      for (let shown = 0; shown < 10; shown++)
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      const { label, readyState } = track ?? {};
      track?.stop();
      return { label, readyState, source: news.detail.source, width: video.videoWidth };
    });
    expect(found).toEqual({
      label: 'Annotated camera',
      readyState: 'live',
      source: 'annotated',
      // Firefox sends a smaller picture where it is short of time
      width: expect.any(Number),
    });
    await other.close();
  });
});
