import { type Answer, type SessionDescription, sessionDescriptionSchema } from '../../protocol/session.ts';
import { type PeerHealth, type Sightline, startSightline } from '../../test/support/sightline.ts';
import { childrenOf } from '../process-cpu.ts';
import type { System } from './system.ts';

/** Sightline as it is served, with its default detector looking at every frame that it can. */
export class SightlineSystem implements System {
  readonly name = 'sightline';
  readonly label = 'Sightline, with detection';
  readonly codec = 'H264';
  readonly pid: number;
  readonly #server: Sightline;
  #sessionId = '';

  static async open(environment: Record<string, string> = {}): Promise<SightlineSystem> {
    const server = await startSightline({ SIGHTLINE_MAX_SESSIONS: '64', ...environment });
    process.once('exit', () => server.child.kill());
    const [peer] = childrenOf(server.child.pid ?? 0);
    if (peer === undefined) throw new Error('Expected signaling to have a media peer as its child');
    return new SightlineSystem(server, peer);
  }

  private constructor(server: Sightline, pid: number) {
    this.#server = server;
    this.pid = pid;
  }

  get url(): string {
    return this.#server.url;
  }

  /** What the media peer says of itself, of its last second. */
  async health(): Promise<PeerHealth> {
    const [peer] = await this.#server.peers();
    if (!peer) throw new Error('Expected a media peer, found none');
    return peer;
  }

  async answer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
    const response = await fetch(`${this.url}/offer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(offer),
    });
    if (!response.ok) throw new Error(`POST /offer answered ${response.status}: ${await response.text()}`);
    const { type, sdp, sessionId } = (await response.json()) as Answer;
    this.#sessionId = sessionId;
    return { type, sdp };
  }

  describe(): Promise<SessionDescription> {
    return describeSession(this.url, this.#sessionId);
  }

  async eventLoopDelayP99(): Promise<number> {
    return (await this.health()).eventLoopDelayP99;
  }

  async hangUp(): Promise<void> {
    await fetch(`${this.url}/sessions/${this.#sessionId}`, { method: 'DELETE' });
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** `GET /sessions/:id`. */
export async function describeSession(url: string, sessionId: string): Promise<SessionDescription> {
  const response = await fetch(`${url}/sessions/${sessionId}`);
  if (!response.ok) throw new Error(`GET /sessions/:id answered ${response.status}`);
  return sessionDescriptionSchema.parse(await response.json());
}
