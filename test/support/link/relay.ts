import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Endpoint } from './commands.ts';

/** What a relay hands to the link: a datagram, and how it goes on once it has come through. */
export interface Datagram {
  readonly data: Buffer;
  /** @throws Error where the socket is closed */
  send(done: (error: Error | null) => void): void;
}

export type Carry = (direction: 'up' | 'down', datagram: Datagram) => void;

const LOOPBACK = '127.0.0.1';
/** Room for what comes while the thread is not running; the system gives what it allows. */
const RECEIVE_BUFFER_BYTES = 2 ** 21;

/**
 * Stands for one UDP port of a server: clients send to `endpoint`, and the server sees each of them come from a socket
 * of its own, as behind a NAT.
 */
export class Relay {
  readonly #target: Endpoint;
  readonly #carry: Carry;
  readonly #outer = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  readonly #inner = new Map<string, Socket>();

  static async open(target: Endpoint, carry: Carry): Promise<Relay> {
    const relay = new Relay(target, carry);
    relay.#outer.bind(0, LOOPBACK);
    await once(relay.#outer, 'listening');
    return relay;
  }

  private constructor(target: Endpoint, carry: Carry) {
    this.#target = target;
    this.#carry = carry;
    this.#outer.on('message', (data, from) => this.#onClient(data, from));
  }

  get endpoint(): Endpoint {
    return { address: LOOPBACK, port: this.#outer.address().port };
  }

  #onClient(data: Buffer, from: RemoteInfo): void {
    const inner = this.#innerFor(from);
    const { address, port } = this.#target;
    this.#carry('up', { data, send: (done) => inner.send(data, port, address, done) });
  }

  #innerFor(client: RemoteInfo): Socket {
    const key = `${client.address}:${client.port}`;
    const known = this.#inner.get(key);
    if (known) return known;
    const inner = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
    inner.on('message', (data, from) => {
      // A stranger who found the port is not the server
      if (from.port !== this.#target.port || from.address !== this.#target.address) return;
      this.#carry('down', {
        data,
        send: (done) => this.#outer.send(data, client.port, client.address, done),
      });
    });
    inner.bind(0, LOOPBACK);
    this.#inner.set(key, inner);
    return inner;
  }

  close(): void {
    for (const socket of [...this.#inner.values(), this.#outer]) socket.close();
  }
}
