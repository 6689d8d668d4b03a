import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {} from '../../client/page/debug.ts';
import type { SessionDescription } from '../../protocol/session.ts';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { eventually } from '../support/eventually.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

/** Of the zone, in fractions of the frame: wider than the man, down to the edge. */
const CORNERS = [
  { x: 0.1, y: 0.25 },
  { x: 0.9, y: 0.25 },
  { x: 0.9, y: 1 },
  { x: 0.1, y: 1 },
];

describe.skipIf(!hasFootage)(
  'settings that change while a call runs (skipped where there is no footage)',
  () => {
    let sightline: Sightline;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      sightline = await startSightline();
      browser = await launchBrowser({ camera: await cameraFile() });
      // So high that the picture has bars above and below it.
      page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(`${sightline.url}/?debug`);
      await page.getByTestId('start').click();
      await untilTask('detect');
    });
    afterAll(async () => {
      await browser?.close();
      await sightline?.close();
    });

    const untilTask = (task: string) =>
      page.waitForFunction((wanted) => window.__sightline?.results.at(-1)?.task === wanted, task);

    const until = (holds: (session: SessionDescription) => boolean) =>
      eventually(async (): Promise<SessionDescription> => {
        const sessionId = await page.evaluate(() => window.__sightline?.call?.sessionId);
        return (await (await fetch(`${sightline.url}/sessions/${sessionId}`)).json()) as SessionDescription;
      }, holds);

    /** Where a point of the frame is on the screen: the picture is fitted into its tile, in the middle. */
    const onScreen = async ({ x, y }: { x: number; y: number }): Promise<[number, number]> => {
      const video = page.getByTestId('annotated');
      const tile = await video.boundingBox();
      const ratio = await video.evaluate((shown) => {
        const { videoWidth, videoHeight } = shown as HTMLVideoElement;
        return videoWidth / videoHeight;
      });
      if (!tile) throw new Error('Expected the annotated picture to be shown');
      const [width, height] = [
        Math.min(tile.width, tile.height * ratio),
        Math.min(tile.height, tile.width / ratio),
      ];
      // A bar is above the picture, or this shows nothing of how it is reckoned with.
      expect(tile.height - height).toBeGreaterThan(40);
      return [
        tile.x + (tile.width - width) / 2 + x * width,
        tile.y + (tile.height - height) / 2 + y * height,
      ];
    };

    it('goes from objects to faces to a pose within one call', async () => {
      const before = await page.evaluate(() => window.__sightline?.call?.sessionId);
      await page.getByTestId('tasks').getByText('Faces', { exact: true }).click();
      await untilTask('faces');
      await page.getByTestId('tasks').getByText('Pose', { exact: true }).click();
      await untilTask('pose');
      await page.waitForFunction(
        () => window.__sightline?.results.at(-1)?.objects[0]?.keypoints?.length === 17,
      );
      expect(await page.evaluate(() => window.__sightline?.call?.sessionId)).toBe(before);
      expect(await page.evaluate(() => window.__sightline?.counters.calls)).toBe(1);
    });

    it('sets an effect, which the camera’s own picture is not to be chosen beside', async () => {
      await page.getByTestId('faces').selectOption('blur');
      await until(({ effects }) => effects.faces === 'blur');
      expect(await page.locator('#output option[value=passthrough]').isDisabled()).toBe(true);
      await page.getByTestId('faces').selectOption('off');
      await until(({ effects }) => effects.faces === 'off');
    });

    it('watches a zone that is drawn with the mouse, and counts who is in it', async () => {
      await page.getByTestId('tasks').getByText('Objects', { exact: true }).click();
      await page.getByTestId('draw-zone').click();
      for (const corner of CORNERS.slice(0, 3)) await page.mouse.click(...(await onScreen(corner)));
      await page.mouse.dblclick(...(await onScreen({ x: 0.1, y: 0.999 })));
      const { zones } = await until((session) => session.zones.length === 1);
      expect(zones).toMatchObject([{ id: 'Zone 1', kind: 'polygon' }]);
      const { points } = zones[0] as { points: { x: number; y: number }[] };
      expect(points).toHaveLength(4);
      for (const [at, { x, y }] of points.entries()) {
        expect(x).toBeCloseTo(CORNERS[at]?.x ?? Number.NaN, 2);
        expect(y).toBeCloseTo(CORNERS[at]?.y ?? Number.NaN, 2);
      }
      await page
        .getByTestId('zones')
        .getByText(/[1-9] inside/)
        .waitFor();
      await page.getByTestId('threshold').press('ArrowRight');
      await until(({ threshold }) => threshold === 0.41);
      await page
        .getByTestId('zones')
        .getByText(/[1-9] inside, [1-9] entered/)
        .waitFor();
    });

    it('takes back a zone that the server refuses, and says why', async () => {
      await page.getByTestId('draw-zone').click();
      const bow = [0, 2, 1, 3].map((at) => CORNERS[at] ?? { x: 0, y: 0 });
      for (const corner of bow) await page.mouse.click(...(await onScreen(corner)));
      await page.keyboard.press('Enter');
      const notice = page.getByTestId('notice');
      await notice.getByText('neither cross nor touch').waitFor();
      expect(await page.getByTestId('zones').locator('li').count()).toBe(1);
      await notice.getByRole('button', { name: 'Close' }).click();
      expect(await notice.isHidden()).toBe(true);
      expect(await page.evaluate(() => window.__sightline?.phase)).toBe('connected');
    });

    it('call.configure() rejects with the code of the server', async () => {
      const refused = page.evaluate(() =>
        window.__sightline?.call?.configure({ model: 'none' }).catch(({ code, name }) => [name, code]),
      );
      expect(await refused).toEqual(['CallError', 'model-unknown']);
    });

    it('draws on the camera’s own picture itself, and says how well it fits', async () => {
      await page.getByTestId('sync').selectOption('exact');
      await page.getByTestId('output').selectOption('passthrough');
      await page.waitForFunction(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=overlay]');
        if (!canvas || canvas.hidden) return false;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        const isGreen = (at: number) =>
          pixels[at] === 0x2b && pixels[at + 1] === 0xe8 && pixels[at + 2] === 0x5a;
        return pixels.some((_, at) => at % 4 === 0 && isGreen(at));
      });
      // What is not matched at all is seven frames off in the mean: half of the half second that counts as near.
      await page.waitForFunction(
        () => document.querySelector('[data-testid=overlay-off]')?.textContent === '0 frames',
      );
      await page.getByTestId('sync').selectOption('live');
      await page.getByTestId('output').selectOption('annotated');
      await until(({ output }) => output === 'annotated');
      expect(await page.getByTestId('overlay').isHidden()).toBe(true);
    });

    it('looks for several things at once, each with settings of its own', async () => {
      await page.getByText('Several at once').click();
      await page.getByTestId('tasks').getByText('Faces', { exact: true }).click();
      const { tasks } = await until((session) => session.tasks.length === 2);
      expect(tasks.map(({ task }) => task)).toEqual(['detect', 'faces']);
      await page.getByTestId('threshold').press('ArrowRight');
      const after = await until((session) => session.tasks[1]?.threshold !== tasks[1]?.threshold);
      expect(after.tasks[0]?.threshold).toBe(tasks[0]?.threshold);
      await page.waitForFunction(
        () => new Set(window.__sightline?.results.slice(-20).map(({ task }) => task)).size === 2,
      );
      await page.getByText('Several at once').click();
      await until((session) => session.tasks.length === 1 && session.task === 'faces');
    });

    it('draws and removes a zone by keyboard alone', async () => {
      const before = await page.getByTestId('zones').locator('li').count();
      await page.getByTestId('draw-line').focus();
      await page.keyboard.press('Enter');
      for (const key of ['ArrowLeft', 'Space', 'ArrowRight', 'ArrowRight', 'Space'])
        await page.keyboard.press(key);
      const { zones } = await until((session) => session.zones.length === before + 1);
      expect(zones.at(-1)).toMatchObject({
        kind: 'line',
        from: { x: 0.45, y: 0.5 },
        to: { x: 0.55, y: 0.5 },
      });
      await page.getByRole('button', { name: 'Remove Line 1' }).focus();
      await page.keyboard.press('Delete');
      await until((session) => session.zones.length === before);
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
        'Remove Zone 1',
      );
      expect(await page.evaluate(() => window.__sightline?.phase)).toBe('connected');
    });

    it('begins the next call with what was chosen', async () => {
      await page.getByTestId('tasks').getByText('Pose', { exact: true }).click();
      await until(({ task }) => task === 'pose');
      await page.getByTestId('start').click();
      await page.getByTestId('start').click();
      await page.waitForFunction(() => window.__sightline?.counters.calls === 2);
      const { task, zones } = await until(({ state }) => state === 'connected');
      expect([task, zones.length]).toEqual(['pose', 1]);
    });

    it('has complained of nothing, at the end of a call either', async () => {
      await page.getByTestId('start').click();
      await page.waitForFunction(() => window.__sightline?.call === null);
      // Whatever is left to be said on the network is said by then.
      await page.waitForLoadState('networkidle');
      expect(complaints).toEqual([]);
    });
  },
);
