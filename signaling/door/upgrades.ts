import { type IncomingMessage, request, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { SightlineError } from '../../protocol/errors.ts';
import { toProblem } from '../../protocol/problem.ts';
import type { Log } from '../log.ts';
import type { ConnectedPeer } from '../peers/connected-peer.ts';
import { sameSecret } from '../same-secret.ts';
import { doorOf } from './door-of.ts';
import { endToEnd, forPeer, targetOf } from './headers.ts';

export interface UpgradesOptions {
  /** What callers present as `Authorization: Bearer` or `?key=`; undefined lets all in. */
  readonly key: string | undefined;
  /** Origins of pages, beside our own, that may connect; `*` stands for all. */
  readonly corsOrigins: readonly string[];
  /** The media peer for an address; undefined where nothing is there. */
  readonly choose: (url: URL) => ConnectedPeer | undefined;
  readonly log: Log;
}

/** Passes WebSockets on to the doors of media peers, byte for byte. The paths of socket.io are left to it. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  /** Both ends of every connection: a server does not close those that it has let go of. */
  readonly #sockets = new Set<Duplex>();

  /** @param ignored path of socket.io */
  constructor(server: Server, ignored: string, options: UpgradesOptions) {
    this.#options = options;
    server.on('upgrade', (incoming, socket, head) => {
      if (!incoming.url?.startsWith(ignored)) this.#take(incoming, socket, head);
    });
  }

  /** Ends all of them. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#keep(socket);
    try {
      const url = addressOf(incoming);
      this.#expectWelcome(incoming, url);
      const peer = this.#options.choose(url);
      if (!peer) throw nowhere(url.pathname);
      this.#connect(incoming, socket, head, peer);
    } catch (error) {
      this.#refuse(socket, error);
    }
  }

  #connect(incoming: IncomingMessage, socket: Duplex, head: Buffer, peer: ConnectedPeer): void {
    const { url, token } = doorOf(peer);
    const { upgrade, connection } = incoming.headers;
    const headers = { ...forPeer(incoming.headers, token), upgrade, connection };
    const upstream = request(targetOf(incoming.url ?? '/', url), { headers, agent: false });
    socket.once('close', () => upstream.destroy());
    upstream.on('error', (cause) => this.#refuse(socket, lost(peer.peerId, cause)));
    upstream.once('response', (answer) => {
      const headers = Object.entries({ ...endToEnd(answer.headers), connection: 'close' });
      socket.write(headOf(answer, headers));
      answer.pipe(socket);
    });
    upstream.once('upgrade', (answer, other, otherHead) => {
      const passing = peer.passing();
      other.once('close', () => passing[Symbol.dispose]());
      socket.write(headOf(answer, Object.entries(answer.headers)));
      this.#join(socket, head, other, otherHead);
    });
    upstream.end();
  }

  #join(socket: Duplex, head: Buffer, other: Duplex, otherHead: Buffer): void {
    this.#keep(other);
    socket.write(otherHead);
    other.write(head);
    socket.pipe(other).pipe(socket);
    socket.once('close', () => other.destroy());
    other.once('close', () => socket.destroy());
  }

  /** Pages of other origins could use a server without a key through the browser of whoever visits them. */
  #expectWelcome({ headers }: IncomingMessage, url: URL): void {
    const { key, corsOrigins } = this.#options;
    const found = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? url.searchParams.get('key');
    if (key !== undefined && !(found && sameSecret(found, key))) {
      throw new SightlineError(
        'key-required',
        'Cannot open the WebSocket: expected the key of this server as Authorization: Bearer or ?key=',
      );
    }
    const { origin, host } = headers;
    const isKnown = origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin);
    if (isKnown || (URL.canParse(origin) && new URL(origin).host === host)) return;
    throw new SightlineError(
      'origin-refused',
      `Cannot open the WebSocket: expected a page of this server or of SIGHTLINE_CORS_ORIGIN, found ${origin}`,
    );
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #refuse(socket: Duplex, error: unknown): void {
    if (!(error instanceof SightlineError)) this.#options.log.error({ err: error }, 'upgrade failed');
    if (socket.destroyed || socket.writableEnded) return;
    const problem = toProblem(error);
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'Connection: close',
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(problem.status === 401 ? ['WWW-Authenticate: Bearer realm="Sightline"'] : []),
      ...(problem.status === 503 ? [`Retry-After: ${problem.retryAfter ?? 1}`] : []),
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
}

/** @throws SightlineError `not-found` where it is none. It may hold the key: no error is to name it */
function addressOf({ url = '/' }: IncomingMessage): URL {
  const parsed = URL.parse(url, 'http://signaling');
  if (parsed) return parsed;
  throw nowhere('the WebSocket');
}

function nowhere(what: string): SightlineError {
  return new SightlineError('not-found', `Cannot open ${what}: expected a known address`);
}

function headOf(
  { statusCode = 502, statusMessage = '' }: IncomingMessage,
  headers: readonly (readonly [name: string, value: unknown])[],
): string {
  const lines = headers.map(([name, value]) => `${name}: ${String(value)}\r\n`);
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`;
}

function lost(peerId: string, cause: unknown): SightlineError {
  return new SightlineError('peer-lost', `Media peer ${peerId} went away before it answered`, { cause });
}
