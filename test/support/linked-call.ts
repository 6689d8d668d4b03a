import type { Browser } from 'playwright-core';
import type { LinkOptions } from './link/commands.ts';
import { Link } from './link/link.ts';
import { LinkedServer } from './link/linked-server.ts';
import { WatchedPage } from './watched-page.ts';

/** A call from the page to a Sightline over an emulated link. Closing it leaves browser and Sightline alone. */
export class LinkedCall implements AsyncDisposable {
  readonly link: Link;
  readonly page: WatchedPage;
  readonly #server: LinkedServer;

  /** Resolves once the first annotated frames were shown. */
  static async start(browser: Browser, url: string, options: LinkOptions = {}): Promise<LinkedCall> {
    const link = await Link.open(options);
    const server = await LinkedServer.open(url, link);
    const call = new LinkedCall(link, server, await WatchedPage.open(browser, server.url));
    await call.page.start();
    return call;
  }

  private constructor(link: Link, server: LinkedServer, page: WatchedPage) {
    this.link = link;
    this.page = page;
    this.#server = server;
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.#server.close();
    await this.link.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
