import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DoorAddress } from '../../../protocol/peers.ts';

export const DOOR_TOKEN = 'token-of-the-door';

/** An HTTP server that stands for the door of a media peer. */
export class FakeDoor implements AsyncDisposable {
  readonly server: Server;

  static async open(answer: RequestListener): Promise<FakeDoor> {
    const server = createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeDoor(server);
  }

  private constructor(server: Server) {
    this.server = server;
  }

  get address(): DoorAddress {
    const { port } = this.server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, token: DOOR_TOKEN };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
  }
}
