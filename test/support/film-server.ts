import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers with all the bytes, or with those from where `Range` says. @returns where they begin */
export function sendBytes(bytes: Buffer, { headers }: IncomingMessage, response: ServerResponse): number {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  response.writeHead(headers.range === undefined ? 200 : 206, {
    'Accept-Ranges': 'bytes',
    'Content-Length': bytes.length - from,
  });
  response.write(bytes.subarray(from));
  return from;
}

/** An HTTP server that answers as it is told, each time that it is asked. */
export class FilmServer implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  /** Paths that it was asked for. */
  readonly asked: string[] = [];

  static async open(answer: RequestListener): Promise<FilmServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FilmServer(server, answer);
  }

  private constructor(server: Server, answer: RequestListener) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      this.asked.push(request.url ?? '');
      answer(request, response);
    });
  }

  /** Breaks off every answer; new ones are begun. */
  breakOff(): void {
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
