import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** What a path is answered with: a text, or undefined for a file of the folder. */
export type Pages = (path: string) => string | undefined;

/** A web site that knows nothing of Sightline, on an origin of its own. */
export class ForeignSite implements AsyncDisposable {
  readonly origin: string;
  readonly #server: ReturnType<typeof createServer>;

  /** @param folder files that are served where `pages` has nothing */
  static async start(pages: Pages, folder?: string): Promise<ForeignSite> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://site');
      const page = pages(pathname);
      const file = folder && join(folder, normalize(pathname));
      const found = page !== undefined ? Promise.resolve(page) : file ? readFile(file) : Promise.reject();
      found.then(
        (body) => {
          const type = types[extname(pathname) || '.html'];
          response.writeHead(200, type ? { 'content-type': type } : {}).end(body);
        },
        () => response.writeHead(404).end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ForeignSite(server);
  }

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
