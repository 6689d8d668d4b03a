import type { Browser, Page } from 'playwright-core';
import type {} from '../client/page/debug.ts';
import type { CallStats } from '../client/sdk/call-stats.ts';

/** Milliseconds from the offer to the first frame shown, and to the first shown that something is drawn on. */
export interface SetUpTimes {
  readonly first: number;
  readonly annotated: number;
}

/** The call page in a real browser, started and stopped as a person would. */
export class CallPage {
  readonly page: Page;

  static async open(browser: Browser, url: string): Promise<CallPage> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${url}/?debug`);
    return new CallPage(page);
  }

  private constructor(page: Page) {
    this.page = page;
  }

  /** Starts a call, and waits until a frame of it is shown. */
  async start(): Promise<void> {
    await this.page.evaluate(() => performance.clearMarks());
    await this.page.getByTestId('start').click();
    await this.#marked('sightline-first-frame');
  }

  /** Starts a call, and waits until a frame is shown that something is drawn on. */
  async startTimed(): Promise<SetUpTimes> {
    await this.start();
    await this.#marked('sightline-first-annotated');
    return this.page.evaluate(() => {
      const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
      const sinceOffer = (name: string) => at(name) - at('sightline-offer');
      return {
        first: sinceOffer('sightline-first-frame'),
        annotated: sinceOffer('sightline-first-annotated'),
      };
    });
  }

  async #marked(name: string): Promise<void> {
    await this.page.waitForFunction((mark) => performance.getEntriesByName(mark).length > 0, name);
  }

  async stop(): Promise<void> {
    await this.page.getByTestId('start').click();
    await this.page.waitForFunction(() => window.__sightline?.call === null);
  }

  sessionId(): Promise<string> {
    return this.page.evaluate(() => window.__sightline?.call?.sessionId ?? '');
  }

  /** Rates over about the last second; the page itself asks each second too. */
  async stats(): Promise<CallStats> {
    const stats = await this.page.evaluate(() => window.__sightline?.call?.stats());
    if (!stats) throw new Error('No call is up');
    return stats;
  }

  /** Frames shown and results received since the page was opened. */
  async counts(): Promise<{ frames: number; results: number }> {
    const counters = await this.page.evaluate(() => window.__sightline?.counters);
    if (!counters) throw new Error('Expected the page to be opened with ?debug');
    return counters;
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
