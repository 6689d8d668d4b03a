import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../test/support/browser.ts';
import type { PageServer } from '../page-server.ts';
import type {} from '../pages/echo.ts';
import type { System } from './system.ts';

/** Chromium's own WebRTC in a browser of its own, decoding and encoding and nothing else: as fast as it gets. */
export class FloorSystem implements System {
  readonly name: string;
  readonly label: string;
  readonly codec: string;
  readonly pid = undefined;
  readonly #browser: Browser;
  readonly #page: Page;

  static async open(pages: PageServer, codec: string): Promise<FloorSystem> {
    const browser = await launchBrowser();
    const page = await browser.newPage();
    await page.goto(`${pages.url}/echo`);
    await page.waitForFunction(() => window.__echo !== undefined);
    return new FloorSystem(browser, page, codec);
  }

  private constructor(browser: Browser, page: Page, codec: string) {
    this.#browser = browser;
    this.#page = page;
    this.codec = codec;
    this.name = `floor-${codec.toLowerCase()}`;
    this.label = `Floor: Chromium's libwebrtc, ${codec}`;
  }

  async answer(offer: RTCSessionDescriptionInit, maxBitrate: number): Promise<RTCSessionDescriptionInit> {
    const given = { offer, maxBitrate };
    const answer = await this.#page.evaluate(
      ({ offer: sdp, maxBitrate: limit }) => window.__echo?.answer(sdp, limit),
      given,
    );
    if (!answer) throw new Error('Expected an answer of the echo page');
    return answer;
  }

  async describe(): Promise<undefined> {
    return undefined;
  }

  async eventLoopDelayP99(): Promise<undefined> {
    return undefined;
  }

  async hangUp(): Promise<void> {
    await this.#page.evaluate(() => window.__echo?.hangUp());
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
