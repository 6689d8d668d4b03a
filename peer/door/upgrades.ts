import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { SightlineError } from '../../protocol/errors.ts';
import { toProblem } from '../../protocol/problem.ts';
import type { Logger } from '../log.ts';
import type { DoorToken } from './token.ts';

/** Owns the socket from now on. What it throws closes the socket (1011). */
export type UpgradeHandler = (socket: WebSocket, url: URL) => void | Promise<void>;

export interface UpgradeOptions {
  /** Bytes of one message at most; a longer one ends the connection (1009). */
  readonly maxMessageBytes?: number;
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;
const INTERNAL_ERROR = 1011;

interface Route {
  readonly handler: UpgradeHandler;
  readonly sockets: WebSocketServer;
}

/** The WebSockets (RFC 6455) of a door, by path. */
export class DoorUpgrades {
  readonly #routes = new Map<string, Route>();
  readonly #token: DoorToken;
  readonly #log: Logger;

  constructor(server: Server, token: DoorToken, log: Logger) {
    this.#token = token;
    this.#log = log;
    server.on('upgrade', (request, socket, head) => this.#take(request, socket, head));
  }

  add(path: string, handler: UpgradeHandler, { maxMessageBytes = MAX_MESSAGE_BYTES }: UpgradeOptions): void {
    const options = { noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false };
    this.#routes.set(path, { handler, sockets: new WebSocketServer(options) });
  }

  close(): void {
    for (const { sockets } of this.#routes.values()) {
      sockets.close();
      for (const socket of sockets.clients) {
        socket.close(GOING_AWAY, 'the media peer is stopping');
        // Its connection is not waited for: signaling may be gone.
        setImmediate(() => socket.terminate());
      }
    }
  }

  #take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    // The host is of no importance here; only path and query are looked at.
    const url = URL.parse(request.url ?? '/', 'http://door');
    const route = this.#routes.get(url?.pathname ?? '');
    if (!this.#token.isIn(request)) refuse(socket, 'key-required', 'expected the token of this door');
    else if (!url || !route) refuse(socket, 'not-found', 'expected a known address, found another');
    else route.sockets.handleUpgrade(request, socket, head, (opened) => void this.#serve(route, opened, url));
  }

  async #serve({ handler }: Route, socket: WebSocket, url: URL): Promise<void> {
    socket.on('error', (error) => this.#log.debug({ error, path: url.pathname }, 'WebSocket failed'));
    try {
      await handler(socket, url);
    } catch (error) {
      if (!(error instanceof SightlineError))
        this.#log.error({ error, path: url.pathname }, 'WebSocket failed');
      socket.close(INTERNAL_ERROR, toProblem(error).code);
    }
  }
}

function refuse(socket: Duplex, code: 'key-required' | 'not-found', reason: string): void {
  const problem = toProblem(new SightlineError(code, `Cannot open the WebSocket: ${reason}`));
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
