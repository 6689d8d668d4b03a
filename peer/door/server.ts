import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { Router } from '@koa/router';
import Koa from 'koa';
import { SightlineError } from '../../protocol/errors.ts';
import type { DoorAddress } from '../../protocol/peers.ts';
import type { Logger } from '../log.ts';
import { errorBoundary } from './error-boundary.ts';
import { DoorToken } from './token.ts';
import { DoorUpgrades, type UpgradeHandler, type UpgradeOptions } from './upgrades.ts';

/** Signaling watches over slow callers; this one ends what it forgot, an hour after it began. */
const REQUEST_TIMEOUT_MS = 3_600_000;

export interface DoorOptions {
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Under which signaling reaches it; made of host and port where undefined. */
  readonly url: string | undefined;
  readonly log: Logger;
}

/**
 * What this media peer answers over HTTP and WebSocket, to signaling alone, which passes on what callers ask for. It
 * knows who calls by a token; keys, CORS and the choice of a peer are signaling's.
 */
export class Door implements AsyncDisposable {
  /** Routes are added here. */
  readonly router = new Router();
  /** What signaling is told when this peer registers. */
  readonly address: DoorAddress;
  readonly #server: Server;
  readonly #upgrades: DoorUpgrades;
  readonly #closed = new AbortController();

  /** @throws SightlineError `address-in-use`, or `config-invalid` where it cannot be listened there */
  static async open(options: DoorOptions): Promise<Door> {
    const { host, port, url } = options;
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS });
    try {
      server.listen(port, host);
      await once(server, 'listening');
    } catch (error) {
      throw cannotListen(error, host, port);
    }
    const { port: taken } = server.address() as AddressInfo;
    return new Door(server, url ?? `http://${isIPv6(host) ? `[${host}]` : host}:${taken}`, options.log);
  }

  private constructor(server: Server, url: string, log: Logger) {
    const token = new DoorToken();
    this.address = { url, token: token.value };
    this.#server = server;
    this.#upgrades = new DoorUpgrades(server, token, log);
    const app = new Koa();
    app.on('error', (error: unknown) => log.debug({ error }, 'Answer not delivered'));
    app.use(errorBoundary(log));
    app.use((ctx, next) => {
      if (token.isIn(ctx.req)) return next();
      throw new SightlineError('key-required', 'Cannot serve the request: expected the token of this door');
    });
    app.use(this.router.routes());
    const answer = app.callback();
    server.on('request', (request, response) => void answer(request, response));
  }

  /** Aborted when the door closes: what answers without end ends with it. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Takes WebSockets at a path; the handler owns each from then on. */
  onUpgrade(path: string, handler: UpgradeHandler, options: UpgradeOptions = {}): void {
    this.#upgrades.add(path, handler, options);
  }

  /** Ends every request and every WebSocket. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const ended = once(this.#server, 'close');
    this.#closed.abort();
    this.#server.close();
    this.#upgrades.close();
    this.#server.closeAllConnections();
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function cannotListen(error: unknown, host: string, port: number): SightlineError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const where = `SIGHTLINE_DOOR_HOST ${host}, SIGHTLINE_DOOR_PORT ${port}`;
  const expected = 'expected a free port at an address of this machine';
  return new SightlineError(
    code === 'EADDRINUSE' ? 'address-in-use' : 'config-invalid',
    `Cannot listen on ${where}: ${expected}, found ${code}`,
    { cause: error },
  );
}
