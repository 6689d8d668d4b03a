import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type PageCallOptions, readPageCall, restartPageIce, startPageCall } from '../support/ice-page.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const FRAMES = 5;

/** Waits until that many frames more have come back, and tells the path that they came on. */
async function flows(page: Parameters<typeof readPageCall>[0], pathIsNot = ''): Promise<string> {
  const { framesDecoded } = await readPageCall(page);
  const { path } = await eventually(
    () => readPageCall(page),
    (call) => call.framesDecoded >= framesDecoded + FRAMES && call.path !== '' && call.path !== pathIsNot,
  );
  return path;
}

describe('ICE with a real browser', () => {
  let browser: Browser;
  let sightline: Sightline;
  beforeAll(async () => {
    [browser, sightline] = await Promise.all([
      launchBrowser(),
      startSightline({ SIGHTLINE_MEDIA_ADDRESSES: '127.0.0.1,::1', SIGHTLINE_MEDIA_TCP: '1' }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await sightline?.close();
  });

  const call = async (options: PageCallOptions) => {
    const page = await browser.newPage();
    await page.goto(`${sightline.url}/healthz`);
    await startPageCall(page, options);
    return page;
  };

  it('takes candidates by PATCH, and keeps the media going over two restarts', async () => {
    const page = await call({ trickle: true });
    let path = await flows(page);
    expect(await page.evaluate(() => globalThis.iceCall.statuses)).toEqual([200, 204]);
    for (let restart = 0; restart < 2; restart += 1) {
      expect(await restartPageIce(page)).toBe(200);
      const next = await flows(page, path);
      expect(next).not.toBe(path);
      path = next;
    }
    await page.close();
  });

  it.each([
    ['IPv6', { silent: true, dropCandidates: '127.0.0.1' }, / → (\[?::1\]?|):\d+$/],
    ['TCP alone, and by UDP after a restart', { silent: true, dropCandidates: ' udp ' }, /^\S+ tcp /],
  ])('reaches the server over %s', async (_, options, path) => {
    const page = await call(options);
    const taken = await flows(page);
    expect(taken).toMatch(path);
    expect(await restartPageIce(page)).toBe(200);
    expect(await flows(page, taken)).toMatch(/^\S+ udp /);
    await page.close();
  });
});

describe('ICE with a browser that hides its addresses behind mDNS names', () => {
  it('finds the browser by its name where the browser cannot find the server', async () => {
    // Names are told on the network, not on the loopback interface: the server has to be on it.
    const addresses = Object.values((await import('node:os')).networkInterfaces()).flat();
    const address = addresses.find((found) => found?.family === 'IPv4' && !found.internal)?.address;
    if (address === undefined) throw new Error('Expected a machine with a network');
    const browser = await launchBrowser({ hidesAddresses: true });
    const sightline = await startSightline({ SIGHTLINE_MEDIA_ADDRESSES: address });
    const page = await browser.newPage();
    await page.goto(`${sightline.url}/healthz`);
    await startPageCall(page, { trickle: true, canvas: true, dropCandidates: '.' });
    expect(await page.evaluate(() => globalThis.iceCall.pc.localDescription?.sdp)).toMatch(
      /\.local \d+ typ host/,
    );
    await flows(page);
    await browser.close();
    await sightline.close();
  });
});
