import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Where scripts of pages lie; those that tests use as well, outside. */
const folders = ['pages', '../test/support', '../client/compare'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Serves the pages of the benchmarks, their scripts with the types taken out, and films to play in them. */
export class PageServer {
  readonly #server: Server;
  readonly #films = new Map<string, string>();

  static async open(): Promise<PageServer> {
    const pages = new PageServer();
    await new Promise<void>((resolve) => pages.#server.listen(0, '127.0.0.1', resolve));
    return pages;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request.url ?? '/', response).catch((error: unknown) => {
        response.writeHead(404).end(String(error));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Makes a film known. @returns its path on this server */
  addFilm(file: string): string {
    const path = `/${basename(file)}`;
    this.#films.set(path, file);
    return path;
  }

  async #answer(target: string, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(target, this.url);
    const film = this.#films.get(pathname);
    if (film !== undefined) {
      createReadStream(film).pipe(response);
      return;
    }
    const name = basename(pathname);
    if (name.endsWith('.ts')) {
      response.setHeader('content-type', 'text/javascript');
      response.end(withoutTypes(await readScript(name)));
      return;
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(pageOf(name));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function readScript(name: string): Promise<string> {
  const path = folders.map((folder) => `${folder}/${name}`).find(existsSync);
  if (path === undefined) throw new Error(`Cannot find ${name}`);
  return readFile(path, 'utf8');
}

function pageOf(name: string): string {
  return `<!doctype html><title>${name}</title><style>body{margin:0;background:#000}video{display:block}</style>
<video autoplay muted playsinline></video><script type="module" src="/${name}.ts"></script>`;
}

function withoutTypes(source: string): string {
  const { ESNext } = ts.ScriptTarget;
  return ts.transpileModule(source, {
    compilerOptions: { target: ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;
}
