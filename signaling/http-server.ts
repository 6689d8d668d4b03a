import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SightlineError } from '../protocol/errors.ts';
import { atMost } from './at-most.ts';

/** For the head of a request. */
const HEADERS_TIMEOUT_MS = 30_000;
/** For all of it: a batch of pictures over a slow link. Shorter bodies have a limit of their own. */
const REQUEST_TIMEOUT_MS = 900_000;
const ANSWERS_LIMIT_MS = 1_000;

/** Answers one request; resolves when the answer is handed to the connection. */
export type Answer = (...request: Parameters<RequestListener>) => Promise<void>;

/** An HTTP server that lets the answers out that are under way when it closes. */
export class HttpServer {
  readonly server: Server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  readonly #answering = new Set<Promise<void>>();

  constructor(answer: Answer) {
    this.server.on('request', (request, response) => {
      const answered = answer(request, response).finally(() => this.#answering.delete(answered));
      this.#answering.add(answered);
    });
  }

  /**
   * Listens, and resolves with the port.
   *
   * @param port 0 takes any free port
   * @throws {SightlineError} `address-in-use`, or `config-invalid` when the address cannot be listened on for another
   * reason
   */
  async listen(host: string, port: number): Promise<number> {
    try {
      this.server.listen(port, host);
      await once(this.server, 'listening');
      return (this.server.address() as AddressInfo).port;
    } catch (error) {
      throw cannotListen(error, host, port);
    }
  }

  /** Takes no new connections. */
  stopListening(): void {
    this.server.close();
  }

  /** Waits a moment for the answers under way, then ends every connection. */
  async close(): Promise<void> {
    this.stopListening();
    await atMost(ANSWERS_LIMIT_MS, Promise.allSettled(this.#answering));
    this.server.closeAllConnections();
  }
}

function cannotListen(error: unknown, host: string, port: number): SightlineError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'EADDRINUSE') {
    const remedy = 'stop it, or set PORT to a free port (0 for any)';
    const message = `Cannot listen on ${host}, port ${port}: another program does; ${remedy}`;
    return new SightlineError('address-in-use', message, { cause: error });
  }
  const expected = 'expected an address of this machine that this user may listen on';
  const message = `Cannot listen on HOST ${host}, PORT ${port}: ${expected}, found ${code}`;
  return new SightlineError('config-invalid', message, { cause: error });
}
