import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { process } from '../../client/sdk/process.ts';
import { launchBrowser } from '../support/browser.ts';
import { bundle } from '../support/bundle.ts';
import { ForeignSite } from '../support/foreign-site.ts';

/** Nobody listens there: what is shown is the camera's own picture. */
const AWAY = 'http://127.0.0.1:9';

declare global {
  var sdk: { process: typeof process };
  /** Opens the camera, and shows what becomes of it. */
  var begin: (options?: Parameters<typeof process>[1]) => Promise<Begun>;
}

interface Begun {
  camera: MediaStreamTrack;
  processed: Awaited<ReturnType<typeof process>>;
  video: HTMLVideoElement;
  /** Resolves with the number of columns where the picture that is shown changes from one pixel to the next. */
  steps(): Promise<number>;
  /** Resolves once a track has ended by itself; with its state. */
  ended(track: MediaStreamTrack): Promise<string>;
}

describe.each([
  ['passes frames on', ''],
  ['paints on a canvas', 'delete window.MediaStreamTrackGenerator'],
])('process() where it %s', (_how, change) => {
  let site: ForeignSite;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const script = await bundle('client/sdk/process.ts', 'sdk');
    const html = `<!doctype html><link rel="icon" href="data:,"><script>${change}</script><script>${script}</script>`;
    [site, browser] = await Promise.all([
      ForeignSite.start((path) => (path === '/' ? html : undefined)),
      launchBrowser(),
    ]);
    page = await browser.newPage();
  });
  beforeEach(async () => {
    await page.goto(site.origin);
    await page.evaluate(provideBegin, AWAY);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  it('stopping the track and its clones stops the camera, and nobody is told of an end', async () => {
    const states = await page.evaluate(async () => {
      const { camera, processed } = await begin();
      const clone = processed.track.clone();
      let told = 0;
      for (const track of [processed.track, clone]) track.addEventListener('ended', () => told++);
      processed.track.stop();
      const between = camera.readyState;
      const closed = new Promise<void>((resolve) => processed.on('close', resolve));
      clone.stop();
      await closed;
      return [between, camera.readyState, processed.track.readyState, clone.readyState, told];
    });
    expect(states).toEqual(['live', 'ended', 'ended', 'ended', 0]);
  });

  it('the end of the camera ends the track, its clones and the results', async () => {
    const states = await page.evaluate(async () => {
      const { camera, processed, ended } = await begin();
      const clone = processed.track.clone();
      const ends = [ended(processed.track), ended(clone)];
      camera.stop();
      const { done } = await processed.results.getReader().read();
      return [...(await Promise.all(ends)), done];
    });
    expect(states).toEqual(['ended', 'ended', true]);
  });

  it('close() and the signal end the track, and leave the camera running', async () => {
    const states = await page.evaluate(async () => {
      const aborting = new AbortController();
      const one = await begin();
      const other = await begin({ signal: aborting.signal });
      const ends = [one.ended(one.processed.track), other.ended(other.processed.track)];
      one.processed.close();
      aborting.abort();
      return [...(await Promise.all(ends)), one.camera.readyState, other.camera.readyState];
    });
    expect(states).toEqual(['ended', 'ended', 'live', 'live']);
  });

  it('sends nothing of a camera that nobody is to see: it is off while all tracks are', async () => {
    const states = await page.evaluate(async () => {
      const { camera, processed } = await begin();
      const clone = processed.track.clone();
      processed.track.enabled = false;
      const one = [camera.enabled, processed.track.enabled, clone.enabled];
      clone.enabled = false;
      const both = camera.enabled;
      processed.track.enabled = true;
      return [...one, both, camera.enabled];
    });
    expect(states).toEqual([true, false, true, false, true]);
  });

  it('shows a coarse mosaic of the camera where something is to be hidden', async () => {
    const [plain = 0, covered = 0] = await page.evaluate(async () => {
      const one = await begin();
      const other = await begin({ settings: { effects: { faces: 'blur' } } });
      return [await one.steps(), await other.steps()];
    });
    // 16 fields have 15 borders, each a pixel or two wide
    expect(covered).toBeLessThanOrEqual(30);
    expect(plain).toBeGreaterThan(60);
  });

  it('refuses what is no video, or has ended', async () => {
    const codes = await page.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
      for (const track of stream.getVideoTracks()) track.stop();
      const code = (track: MediaStreamTrack) => sdk.process(track).catch((error) => error.code);
      return Promise.all(stream.getTracks().map(code));
    });
    expect(codes.toSorted()).toEqual(['camera-missing', 'no-video']);
  });
});

/** Runs in the page. */
function provideBegin(server: string): void {
  globalThis.begin = async (options = {}) => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
    const [camera] = stream.getVideoTracks();
    if (!camera) throw new Error('Expected a camera');
    const processed = await sdk.process(camera, { server, ...options });
    const video = document.createElement('video');
    video.srcObject = new MediaStream([processed.track]);
    void video.play();
    const steps = async () => {
      // The first pictures of a camera may be empty
      for (let shown = 0; shown < 10; shown++)
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      const { videoWidth: width, videoHeight: height } = video;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context?.drawImage(video, 0, 0);
      const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] };
      const steps = new Set<number>();
      for (let at = 4; at < data.length; at += 4) {
        const column = (at / 4) % width;
        if (column > 0 && Math.abs((data[at] ?? 0) - (data[at - 4] ?? 0)) > 24) steps.add(column);
      }
      return steps.size;
    };
    const ended = (track: MediaStreamTrack) =>
      new Promise<string>((resolve) => {
        track.addEventListener('ended', () => resolve(track.readyState));
      });
    return { camera, processed, video, steps, ended };
  };
}
