import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

describe('the page that compares', () => {
  let sightline: Sightline;
  let browser: Browser;
  beforeAll(async () => {
    [sightline, browser] = await Promise.all([startSightline({ SIGHTLINE_KEY: 'the-key' }), launchBrowser()]);
  });
  afterAll(() => Promise.all([browser?.close(), sightline?.close()]));

  it('shows one camera by three ways, each with its delay, and leaves nothing behind', async () => {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(`${sightline.url}/compare#key=the-key`);
    await page.getByTestId('start').click();
    const delays = ['webrtc', 'frames', 'mjpeg'].map((way) => page.getByTestId(`${way}-delay`));
    for (const delay of delays) {
      const shown = await eventually(
        () => delay.textContent(),
        (text) => /^\d+$/.test(text ?? ''),
      );
      expect(Number(shown)).toBeGreaterThan(0);
    }
    await page.getByTestId('start').click();
    await eventually(
      () => page.getByTestId('mjpeg-delay').textContent(),
      (text) => text === '–',
    );
    expect(faults).toEqual([]);
    expect(sightline.output()).not.toContain('the-key');
    await eventually(
      () => sightline.peers(),
      ([peer]) => peer?.sessions === 0 && peer.natives === 0,
    );
    await page.close();
  });
});
