import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Endpoint } from './commands.ts';

/** A datagram that came. */
export interface Arrival {
  readonly data: Buffer;
  readonly from: Endpoint;
  /** Unix milliseconds. */
  readonly at: number;
}

/** A UDP socket on this machine that keeps what comes. */
export class UdpEnd implements Disposable {
  readonly arrivals: Arrival[] = [];
  readonly #socket: Socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 21 });

  static async open(): Promise<UdpEnd> {
    const end = new UdpEnd();
    end.#socket.bind(0, '127.0.0.1');
    await once(end.#socket, 'listening');
    return end;
  }

  private constructor() {
    this.#socket.on('message', (data, { address, port }) => {
      this.arrivals.push({ data, from: { address, port }, at: performance.timeOrigin + performance.now() });
    });
  }

  get endpoint(): Endpoint {
    return { address: '127.0.0.1', port: this.#socket.address().port };
  }

  send(data: Uint8Array | string, { address, port }: Endpoint): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(data, port, address, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Resolves once so many datagrams have come. */
  async received(count: number): Promise<readonly Arrival[]> {
    while (this.arrivals.length < count) await once(this.#socket, 'message');
    return this.arrivals;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
