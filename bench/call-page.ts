import type { Browser, Page } from 'playwright-core';
import type {} from '../client/page/debug.ts';
import type { CallStats } from '../client/sdk/call-stats.ts';

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

  /** Starts a call. @returns milliseconds from the offer to the first annotated frame that was shown */
  async start(): Promise<number> {
    await this.page.evaluate(() => performance.clearMarks());
    await this.page.getByTestId('start').click();
    await this.page.waitForFunction(() => performance.getEntriesByName('sightline-first-frame').length > 0);
    return this.page.evaluate(() => {
      const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
      return at('sightline-first-frame') - at('sightline-offer');
    });
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
