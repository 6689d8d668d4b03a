import { type FoundCandidate, restartedAnswer, writeFragment } from './ice-fragment.ts';
import type { Server } from './server.ts';

/** Milliseconds that an interrupted path gets to come back by itself. */
const PATIENCE_MS = 1_000;

/** What belongs to the session once the server has taken it. */
export interface IceSessionId {
  sessionId: string;
  /** Names the ICE session; undefined for a server that takes no candidates after the offer. */
  iceSession: string | undefined;
}

/**
 * Tells the server the candidates that are found after the offer, and restarts ICE when the path is interrupted: the
 * network of this device changed, for instance. What fails here is left to whoever watches the media.
 */
export class IceLink {
  readonly #pc: RTCPeerConnection;
  readonly #server: Server;
  readonly #listening = new AbortController();
  #found: FoundCandidate[] = [];
  #session: IceSessionId | undefined;
  #sending: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(pc: RTCPeerConnection, server: Server) {
    this.#pc = pc;
    this.#server = server;
    const { signal } = this.#listening;
    pc.addEventListener('icecandidate', ({ candidate }) => this.#onCandidate(candidate), { signal });
    pc.addEventListener('connectionstatechange', () => this.#onState(), { signal });
  }

  /** The server took the call, and knows the candidates that stood in its offer. */
  begin(session: IceSessionId, offerSdp: string): void {
    this.#session = session;
    this.#found = this.#found.filter(({ candidate }) => !offerSdp.includes(candidate));
    this.#flush();
  }

  close(): void {
    this.#listening.abort();
    clearTimeout(this.#timer);
    this.#session = undefined;
  }

  #onCandidate(candidate: RTCIceCandidate | null): void {
    if (!candidate?.candidate) return;
    this.#found.push(candidate);
    this.#flush();
  }

  #onState(): void {
    clearTimeout(this.#timer);
    const state = this.#pc.connectionState;
    if (state === 'failed') this.#queue(() => this.#restart());
    if (state !== 'disconnected') return;
    this.#timer = setTimeout(() => this.#queue(() => this.#restart()), PATIENCE_MS);
  }

  /** Candidates come in bursts: those that are found while some are being sent go together. */
  #flush(): void {
    if (this.#session !== undefined) this.#queue(() => this.#send());
  }

  #queue(work: () => Promise<void>): void {
    this.#sending = this.#sending.then(work).catch(() => undefined); // the media watch finds out whether it mattered
  }

  async #send(): Promise<void> {
    const { iceSession, sessionId } = this.#session ?? {};
    const found = this.#found.splice(0);
    if (found.length === 0 || iceSession === undefined || sessionId === undefined) return;
    const fragment = writeFragment(this.#pc.localDescription?.sdp ?? '', found);
    await this.#server.patchIce(sessionId, fragment, `"${iceSession}"`);
  }

  get #offering(): boolean {
    return this.#pc.signalingState === 'have-local-offer';
  }

  async #restart(): Promise<void> {
    const session = this.#session;
    const before = this.#pc.remoteDescription;
    if (session?.iceSession === undefined || !before || this.#pc.signalingState !== 'stable') return;
    // Candidates wait from here on until the server knows of the restart.
    this.#session = undefined;
    this.#found = [];
    try {
      await this.#pc.setLocalDescription(await this.#pc.createOffer({ iceRestart: true }));
      const offered = writeFragment(this.#pc.localDescription?.sdp ?? '', []);
      const { fragment, iceSession } = await this.#server.patchIce(session.sessionId, offered, '*');
      if (this.#listening.signal.aborted) return;
      await this.#pc.setRemoteDescription({ type: 'answer', sdp: restartedAnswer(before.sdp, fragment) });
      this.begin({ sessionId: session.sessionId, iceSession }, '');
    } catch (error) {
      if (this.#listening.signal.aborted) return;
      this.#session = session;
      if (this.#offering) await this.#pc.setLocalDescription({ type: 'rollback' });
      throw error;
    }
  }
}
