import { readConfig, type SignalingConfig } from '../../signaling/config.ts';
import { type Signaling, type SignalingOptions, startSignaling } from '../../signaling/server.ts';
import { FakePeer, type FakePeerOptions } from './fake-peer.ts';

export const TOKEN = 'token-of-the-tests';

/** The configuration of a signaling server for tests: any free port, no local peers, silent. */
export function testConfig(environment: Record<string, string> = {}): SignalingConfig {
  return readConfig({
    PORT: '0',
    SIGHTLINE_PEERS: '0',
    SIGHTLINE_PEER_TOKEN: TOKEN,
    SIGHTLINE_LOG_LEVEL: 'silent',
    ...environment,
  });
}

/** A real signaling server, and the fake peers that joined it. Disposing of it closes all. */
export class TestSignaling implements AsyncDisposable {
  readonly peers: FakePeer[] = [];
  readonly signaling: Signaling;
  readonly #registered: { waiting: Set<(peerId: string) => void> };

  static async start(
    environment: Record<string, string> = {},
    options: SignalingOptions = {},
  ): Promise<TestSignaling> {
    const registered = { waiting: new Set<(peerId: string) => void>() };
    const signaling = await startSignaling(testConfig(environment), {
      ...options,
      onPeerRegistered: (peer) => {
        options.onPeerRegistered?.(peer);
        for (const tell of registered.waiting) tell(peer.peerId);
      },
    });
    return new TestSignaling(signaling, registered);
  }

  private constructor(signaling: Signaling, registered: { waiting: Set<(peerId: string) => void> }) {
    this.signaling = signaling;
    this.#registered = registered;
  }

  get url(): string {
    return this.signaling.url;
  }

  /** Resolves with the id of the next peer that registers, or of the next with this id. */
  nextRegistration(peerId?: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    const tell = (registered: string) => {
      if (peerId !== undefined && registered !== peerId) return;
      this.#registered.waiting.delete(tell);
      resolve(registered);
    };
    this.#registered.waiting.add(tell);
    return promise;
  }

  /** Connects a fake peer and waits until it is registered. */
  async join(options: Partial<FakePeerOptions> = {}): Promise<FakePeer> {
    const registered = this.nextRegistration(options.peerId ?? 'fake');
    const peer = new FakePeer({ url: this.url, token: TOKEN, ...options });
    this.peers.push(peer);
    await registered;
    return peer;
  }

  /** `POST /offer` with a body as JSON. */
  offer(body: unknown = { type: 'offer', sdp: 'v=0\r\n' }, init: RequestInit = {}): Promise<Response> {
    return fetch(new URL('/offer', this.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      ...init,
    });
  }

  get(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(new URL(path, this.url), init);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.signaling.close('the test is over');
    for (const peer of this.peers) peer.close();
  }
}
