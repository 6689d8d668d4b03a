import type { Browser, Page } from 'playwright-core';
import type { PageServer } from './page-server.ts';
import type { ProbeOptions, ProbeReading } from './pages/probe.ts';
import type { System } from './systems/system.ts';

/** The measuring page in a browser, driven from here. */
export class ProbePage {
  readonly #page: Page;

  /** @param film path of a film on the server, of the size that is to be measured */
  static async open(browser: Browser, pages: PageServer, film: string): Promise<ProbePage> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.on('pageerror', (error) => console.error('probe page:', error));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error('probe page:', message.text());
    });
    await page.goto(`${pages.url}/probe?film=${encodeURIComponent(film)}`);
    await page.waitForFunction(() => window.__probe !== undefined);
    return new ProbePage(page);
  }

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Calls a system and waits until its first frame is shown. */
  async call(system: System, options: ProbeOptions): Promise<void> {
    const offer = await this.#page.evaluate((wanted) => window.__probe?.offer(wanted), options);
    if (!offer) throw new Error('Expected an offer of the probe page');
    const answer = await system.answer(offer, options.maxBitrate);
    await this.#page.evaluate((given) => window.__probe?.accept(given), answer);
  }

  /** What came back since the last reading. */
  async read(): Promise<ProbeReading> {
    const reading = await this.#page.evaluate(() => window.__probe?.read());
    if (!reading) throw new Error('Expected a reading of the probe page');
    return reading;
  }

  async hangUp(): Promise<void> {
    await this.#page.evaluate(() => window.__probe?.hangUp());
  }

  close(): Promise<void> {
    return this.#page.close();
  }
}
