import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {} from '../../client/page/debug.ts';
import type { Detections } from '../../protocol/detections.ts';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { eventually } from '../support/eventually.ts';
import { idlePeer } from '../support/idle-peer.ts';
import { iou } from '../support/iou.ts';
import { type PeerHealth, type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';

const RESULTS = 30;

/** A film with a person where there is one, and the browser's own test picture elsewhere. */
const openBrowser = async () => launchBrowser(hasFootage ? { camera: await cameraFile() } : {});

describe('a call from a real browser', () => {
  let sightline: Sightline;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  /** The media peer before the call. */
  let unused: PeerHealth;

  beforeAll(async () => {
    [sightline, browser] = await Promise.all([startSightline(), openBrowser()]);
    unused = await idlePeer(sightline);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${sightline.url}/?debug`);
    await page.getByTestId('start').click();
    await page.waitForFunction((count) => (window.__sightline?.counters.results ?? 0) >= count, RESULTS);
  });
  afterAll(async () => {
    await browser?.close();
    await sightline?.close();
  });

  const results = (): Promise<Detections[]> => page.evaluate(() => window.__sightline?.results ?? []);

  it.skipIf(!hasFootage)('finds the person where he is (skipped where there is no footage)', async () => {
    const found = (await results())
      .slice(-10)
      .map(({ objects }) => objects.find(({ label }) => label === 'person'));
    const overlaps = found.map((person) => (person ? iou(person.box, MAN_AT_WEBCAM) : 0));
    expect(Math.min(...overlaps)).toBeGreaterThan(0.75);
    await page.getByTestId('seen').getByText('person').waitFor();
  });

  it.skipIf(!hasFootage)(
    'shows the box in what is returned, and not in what was sent (the same)',
    async () => {
      const green = (testId: string) =>
        page.getByTestId(testId).evaluate((element) => {
          const video = element as HTMLVideoElement;
          const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
          const context = canvas.getContext('2d');
          context?.drawImage(video, 0, 0);
          const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          // The share of vivid green in the columns along the left edge of the box, and in the middle of the man
          const share = (from: number, to: number) => {
            let count = 0;
            const [left, right] = [Math.floor(from * canvas.width), Math.floor(to * canvas.width)];
            for (let y = Math.floor(canvas.height * 0.3); y < canvas.height * 0.8; y++) {
              for (let x = left; x < right; x++) {
                const at = (y * canvas.width + x) * 4;
                const [r, g, b] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
                if (g > 120 && g > r + 40 && g > b + 40) count++;
              }
            }
            return count;
          };
          return { edge: share(0.22, 0.34), middle: share(0.45, 0.52) };
        });
      const [annotated, self] = [await green('annotated'), await green('self')];
      expect(annotated.edge).toBeGreaterThan(200);
      expect(annotated.middle).toBeLessThan(annotated.edge / 10);
      expect(self.edge).toBeLessThan(annotated.edge / 10);
    },
  );

  it.skipIf(!hasFootage)(
    'marks the first frame shown, and the first with something drawn (the same)',
    async () => {
      const marks = await page.evaluate(() =>
        ['offer', 'first-frame', 'first-annotated'].map(
          (name) => performance.getEntriesByName(`sightline-${name}`)[0]?.startTime,
        ),
      );
      expect(marks).toEqual(marks.toSorted((a = Number.NaN, b = Number.NaN) => a - b));
      expect(marks).not.toContain(undefined);
    },
  );

  it('tells with each result the RTP timestamp of a frame that the video shows', async () => {
    const { shown, reported } = await page.evaluate(() => {
      const handle = window.__sightline;
      return {
        shown: handle?.frames ?? [],
        reported: handle?.results.map(({ rtpTimestamp }) => rtpTimestamp) ?? [],
      };
    });
    // Results of frames outside the window that was kept of the shown ones say nothing
    const [first = 0, last = 0] = [shown[0], shown.at(-1)];
    const within = reported.filter((timestamp) => timestamp >= first && timestamp <= last);
    const matched = within.filter((timestamp) => shown.some((other) => Math.abs(other - timestamp) <= 1));
    expect(within.length).toBeGreaterThan(10);
    // A busy machine paints only some of the frames. By chance one in a thousand would match.
    expect(matched.length / within.length).toBeGreaterThan(0.3);
  });

  it('says live figures and complains of nothing', async () => {
    await page.waitForFunction(() => Number(document.querySelector('[data-testid=fps]')?.textContent) > 10);
    expect(Number(await page.getByTestId('results').textContent())).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
  });

  it('frees everything on the server when the tab is closed', async () => {
    const sessionId = await page.evaluate(() => window.__sightline?.call?.sessionId);
    const address = `${sightline.url}/sessions/${sessionId}`;
    expect((await fetch(address)).status).toBe(200);
    await page.close({ runBeforeUnload: false });
    await eventually(
      () => fetch(address),
      ({ status }) => status === 404,
    );
    expect(await idlePeer(sightline)).toMatchObject({ natives: 0, handles: unused.handles });
  });
});
