import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { cameraFile, hasFootage } from '../support/camera.ts';
import { eventually } from '../support/eventually.ts';
import { ForeignSite } from '../support/foreign-site.ts';
import { greenBetween } from '../support/page-green.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';
import { ForeignPage, foreignHtml } from './foreign-page.ts';

const ANNOTATED = 'Annotated camera';
/** No picture of the film or of the browser's test picture is darker in the mean. */
const NOT_BLACK = 20;
/** Where browsers do not hand out frames. */
const WITHOUT_ANY =
  '<script>window.MediaStreamTrackGenerator = class { constructor() { throw new TypeError("away"); } }</script>';
const WITHOUT_STREAMS = '<script>delete window.MediaStreamTrackGenerator</script>';

describe('embed.js in a page of another origin', () => {
  let sightline: Sightline;
  let site: ForeignSite;
  let browser: Browser;
  let opened: ForeignPage;

  const embed = (attributes = '', server = sightline.url) =>
    `<script src="${sightline.url}/embed.js" data-server="${server}" ${attributes}></script>`;
  const start = (port = '0') => startSightline({ PORT: port, SIGHTLINE_CORS_ORIGIN: site.origin });

  beforeAll(async () => {
    site = await ForeignSite.start(
      (path) =>
        ({
          '/': foreignHtml(embed()),
          '/twice': foreignHtml(embed(), embed('data-label="Another"')),
          '/default': foreignHtml(embed('data-default')),
          '/away': foreignHtml(embed('data-default', 'http://127.0.0.1:9')),
          '/broken': foreignHtml(WITHOUT_ANY, embed('data-default')),
          '/broken-hidden': foreignHtml(WITHOUT_ANY, embed('data-default data-faces="blur"')),
          '/canvas': foreignHtml(WITHOUT_STREAMS, embed('data-default')),
        })[path],
    );
    [sightline, browser] = await Promise.all([
      start(),
      hasFootage ? cameraFile().then((camera) => launchBrowser({ camera })) : launchBrowser(),
    ]);
  });
  afterEach(() => opened?.page.close());
  afterAll(async () => {
    await browser?.close();
    await sightline?.close();
    await site?.[Symbol.asyncDispose]();
  });

  const open = async (path: string) => {
    opened = await ForeignPage.open(browser, site.origin + path);
    return opened;
  };
  /** Chooses the annotated camera as a page with a list does. */
  const choose = async (page: ForeignPage) => {
    const cameras = await page.cameras();
    const deviceId = cameras.find(({ label }) => label === ANNOTATED)?.deviceId ?? '';
    return page.use({ audio: true, video: { deviceId: { exact: deviceId }, width: 320, height: 240 } });
  };

  /** Waits until the left edge of the person's box is there, or gone. */
  const green = ({ page }: ForeignPage, accept: (count: number) => boolean) =>
    eventually(() => greenBetween(page, 'video', MAN_AT_WEBCAM.x - 0.06, MAN_AT_WEBCAM.x + 0.06), accept);

  it('lists one more camera after the real ones, however often it is loaded', async () => {
    const page = await open('/twice');
    const labels = (await page.cameras()).map(({ label }) => label);
    expect(labels).toEqual([expect.any(String), ANNOTATED]);
    expect(await page.use({ video: true })).toBe(labels[0]);
  });

  it('leaves what pages look at as it is', async () => {
    const { page } = await open('/');
    const found = await page.evaluate(async () => {
      const { getUserMedia, enumerateDevices } = MediaDevices.prototype;
      const device = (await navigator.mediaDevices.enumerateDevices()).at(-1);
      return {
        text: String(getUserMedia),
        names: [getUserMedia.name, enumerateDevices.name],
        own: Object.keys(navigator.mediaDevices),
        enumerable: Object.keys(MediaDevices.prototype).includes('getUserMedia'),
        refused: await getUserMedia.call(null as never, { video: true }).catch(({ name }) => name),
        globals: Object.keys(window).filter((name) => /sightline/i.test(name)),
        device: device?.toJSON(),
      };
    });
    expect(found).toMatchObject({
      text: expect.stringContaining('[native code]'),
      names: ['getUserMedia', 'enumerateDevices'],
      own: [],
      enumerable: true,
      refused: 'TypeError',
      globals: [],
    });
  });

  it('gives the annotated picture at the size asked for, the sound as it is, and its own name', async () => {
    const page = await open('/');
    expect(await choose(page)).toBe(ANNOTATED);
    await page.shows('annotated');
    const found = await page.page.evaluate(() => ({
      settings: foreign.stream.getVideoTracks()[0]?.getSettings(),
      audio: foreign.stream.getAudioTracks().map(({ readyState }) => readyState),
    }));
    const { deviceId } = (await page.cameras()).at(-1) ?? {};
    expect(found).toMatchObject({ settings: { deviceId, width: 320, height: 240 }, audio: ['live'] });
    expect(await page.frames(5)).toBeGreaterThan(NOT_BLACK);
  });

  it('refuses what the real camera cannot do, as the browser words it', async () => {
    const page = await open('/default');
    expect(await page.use({ video: { width: { exact: 99_999 } } })).toBe('OverconstrainedError width');
    const unknown = { deviceId: { exact: 'no-such-camera' } };
    expect(await page.use({ video: unknown })).toBe('OverconstrainedError deviceId');
  });

  it('ends the session and the camera once the page has stopped the track and its clones', async () => {
    const page = await open('/');
    await choose(page);
    await page.shows('annotated');
    await page.page.evaluate(() => {
      const [track] = foreign.stream.getVideoTracks();
      foreign.video.srcObject = new MediaStream(track ? [track.clone()] : []);
      track?.stop();
    });
    await page.frames(5);
    const sessions = () => sightline.peers().then(([peer]) => peer?.sessions);
    expect(await sessions()).toBe(1);
    await page.page.evaluate(() => (foreign.video.srcObject as MediaStream).getVideoTracks()[0]?.stop());
    await eventually(sessions, (count) => count === 0);
  });

  it('gives the plain camera where the server never was there', async () => {
    const page = await open('/away');
    expect(await page.use({ video: true })).toBe(ANNOTATED);
    expect(await page.frames(20)).toBeGreaterThan(NOT_BLACK);
    await page.page.waitForFunction(() =>
      foreign.news.some(({ problem }) => problem === 'server-unreachable'),
    );
    expect(await page.page.evaluate(() => foreign.news.some(({ source }) => source))).toBe(false);
  });

  it('gives the plain camera where this page cannot be helped, but none where something is to be hidden', async () => {
    const plain = await open('/broken');
    expect(await plain.use({ video: true })).not.toBe(ANNOTATED);
    expect(await plain.frames(5)).toBeGreaterThan(NOT_BLACK);
    await plain.page.close();
    const hidden = await open('/broken-hidden');
    expect(await hidden.use({ video: true })).toBe('NotReadableError');
    const problems = await hidden.page.evaluate(() => foreign.news.map(({ problem }) => problem));
    expect(problems).toEqual(['embed-failed']);
  });

  it.each(['/default', '/canvas'])(
    'shows the plain camera when the server dies in the middle, and comes back with it (%s)',
    async (path) => {
      const page = await open(path);
      await page.use({ video: true });
      await page.shows('annotated');
      if (hasFootage) await green(page, (count) => count > 200);
      sightline.child.kill('SIGKILL');
      const restarted = start(new URL(sightline.url).port);
      await page.shows('camera');
      if (hasFootage) await green(page, (count) => count < 50);
      await page.frames(20);
      sightline = await restarted;
      await page.shows('annotated');
      expect(await page.frames(20)).toBeGreaterThan(NOT_BLACK);
    },
    60_000, // a server starts in it
  );
});
