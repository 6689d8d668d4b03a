import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A real HTTP server on this machine that answers as the test says, and remembers what it was asked. */
export class FileServer {
  readonly requests: IncomingHttpHeaders[] = [];
  handler: Handler = (_, response) => response.writeHead(500).end();
  readonly #server = createServer((request, response) => {
    this.requests.push(request.headers);
    this.handler(request, response);
  });

  static async open(): Promise<FileServer> {
    const server = new FileServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/file.onnx`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Answers with `body` as a well-behaved server does: ETag, Range and If-Range included. */
export function serve(body: Uint8Array, etag = '"one"'): Handler {
  return (request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const start = range?.[1] === undefined ? 0 : Number(range[1]);
    if (start === 0 || request.headers['if-range'] !== etag) {
      response.writeHead(200, { etag, 'content-length': body.length }).end(body);
      return;
    }
    const headers = {
      etag,
      'content-range': `bytes ${start}-${body.length - 1}/${body.length}`,
      'content-length': body.length - start,
    };
    response.writeHead(206, headers).end(body.subarray(start));
  };
}

/** Announces all of `body`, sends its first `bytes`, and hangs up. */
export function interruptAfter(body: Uint8Array, bytes: number, etag = '"one"'): Handler {
  return (_, response) => {
    response.writeHead(200, { etag, 'content-length': body.length });
    response.write(body.subarray(0, bytes), () => setImmediate(() => response.destroy()));
  };
}
