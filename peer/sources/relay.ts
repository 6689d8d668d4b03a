import { once } from 'node:events';
import { type AddressInfo, connect, createServer, isIP, type Server, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { SightlineError } from '../../protocol/errors.ts';
import { isPrivateAddress } from './private-addresses.ts';
import { RedirectWatch } from './redirect-watch.ts';

/** A client that shows who it is connects once more. */
const MAX_CONNECTIONS = 4;

export interface RelayOptions {
  /** What is connected to. */
  readonly address: string;
  readonly port: number;
  /** Without brackets; whom the certificate has to name. */
  readonly host: string;
  readonly secure: boolean;
  readonly isRtsp: boolean;
  /** Names the source, in messages. */
  readonly label: string;
}

/**
 * Stands between FFmpeg, which would look names up by itself and go where an RTSP server sends it, and the one address
 * that was looked at. It speaks TLS in FFmpeg's place; certificates of private networks are not looked at, since cameras
 * sign their own.
 */
export class Relay {
  readonly port: number;
  readonly #server: Server;
  readonly #options: RelayOptions;
  readonly #sockets = new Set<Socket>();
  #connections = 0;
  #failure: SightlineError | undefined;

  static async open(options: RelayOptions): Promise<Relay> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Relay(server, options);
  }

  private constructor(server: Server, options: RelayOptions) {
    this.#server = server;
    this.#options = options;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#join(client));
  }

  /** Why it ended a connection; FFmpeg knows only that it was. */
  get failure(): SightlineError | undefined {
    return this.#failure;
  }

  #join(client: Socket): void {
    this.#connections += 1;
    if (this.#connections >= MAX_CONNECTIONS) this.#server.close();
    const remote = this.#connect();
    for (const [socket, other] of [
      [client, remote],
      [remote, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('error', () => {});
    remote.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure ??= this.#error(
        'source-unreadable',
        `expected a connection, found "${error.code ?? error.message}"`,
      );
    });
    if (this.#options.isRtsp) this.#watch(client, remote);
    client.pipe(remote);
    remote.pipe(client);
  }

  #connect(): Socket {
    const { address, port, host, secure } = this.#options;
    if (!secure) return connect({ host: address, port, noDelay: true });
    return connectSecure({
      host: address,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: !isPrivateAddress(address),
    });
  }

  /** Until pictures are asked for: from then on no redirection is followed. */
  #watch(client: Socket, remote: Socket): void {
    const redirects = new RedirectWatch();
    const look = (chunk: Buffer): void => {
      if (!redirects.push(chunk.toString('latin1'))) return;
      this.#failure ??= this.#error(
        'source-refused',
        'expected pictures, found a redirection to another place',
      );
      // Before FFmpeg gets to see it: what was piped is thrown away.
      client.destroy();
    };
    remote.on('data', look);
    client.on('data', (chunk: Buffer) => {
      if (chunk.subarray(0, 5).toString('latin1') === 'PLAY ') remote.off('data', look);
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #error(code: 'source-refused' | 'source-unreadable', words: string): SightlineError {
    return new SightlineError(code, `Cannot watch ${this.#options.label}: ${words}`);
  }
}
