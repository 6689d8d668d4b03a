import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type PeerConfig as LibraryConfig, type Message, RTCPeerConnection } from 'werift';
import { SightlineError } from '../../protocol/errors.ts';
import type { Diagnosis, IcePatch, IcePatched } from '../../protocol/ice.ts';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { gateTransports } from './gates.ts';
import { advertise, takeCandidates } from './ice-candidates.ts';
import { diagnose } from './ice-diagnosis.ts';
import { IceSession } from './ice-session.ts';
import { type IceSettings, libraryIceConfig } from './ice-settings.ts';
import type { Answering } from './negotiation.ts';
import { RefusalCounter } from './refusal-counter.ts';

export type LinkState = 'connecting' | 'connected' | 'disconnected' | 'closed';

export interface LinkEvents {
  state: [state: LinkState];
  /** Once: why the connection ended, before what the library holds is freed. */
  close: [reason: string];
}

/** How a connection reaches the other side. */
export interface LinkSettings {
  readonly ice: IceSettings;
  /** How long ICE and DTLS may take before the connection is given up. */
  readonly connectTimeoutMs: number;
  readonly log: Logger;
}

export interface LinkOptions extends LinkSettings {
  /** What is sent and taken in. */
  readonly media: Pick<LibraryConfig, 'codecs' | 'headerExtensions'>;
  /** Frees what was built on the connection, before the connection itself is closed. */
  readonly release: () => void;
}

/** How long the library may take to say goodbye. */
const CLOSE_LIMIT_MS = 2000;

/** What every WebRTC connection that is answered has: its path, its encryption, what it refuses, and its end. */
export class Link extends EventEmitter<LinkEvents> {
  readonly pc: RTCPeerConnection;
  readonly refusals = new RefusalCounter();
  readonly #options: LinkOptions;
  readonly #ice: IceSession;
  readonly #connectTimer: NodeJS.Timeout;
  #state: LinkState = 'connecting';
  #wasConnected = false;
  #diagnosis: readonly Diagnosis[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: LinkOptions) {
    super();
    this.#options = options;
    const { ice: settings, connectTimeoutMs, media, log } = options;
    this.#ice = new IceSession({
      settings,
      restartTimeoutMs: connectTimeoutMs,
      onLost: () => this.#fail('no path was found after an ICE restart'),
      log,
    });
    this.pc = new RTCPeerConnection({ ...media, ...libraryIceConfig(settings) });
    this.pc.connectionStateChange.subscribe(guarded(log)((state) => this.#onState(state)));
    this.#connectTimer = setTimeout(() => this.#fail('not connected in time'), connectTimeoutMs);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Names the ICE session: another after each restart. */
  get iceSession(): string {
    return this.#ice.id;
  }

  /** Why the path is not up yet, did not come up, or was lost; empty where none of these is so. */
  get diagnosis(): readonly Diagnosis[] {
    if (this.#state === 'connecting') return diagnose(this.#ice.facts(false));
    return this.#diagnosis;
  }

  /**
   * Takes candidates of the client, or restarts ICE.
   * @throws SightlineError `ice-session-changed`, `fragment-invalid`, `candidates-exhausted`, `session-unknown`
   */
  patchIce({ ifMatch, sections }: IcePatch): Promise<IcePatched> {
    return this.#ice.patch(ifMatch, sections);
  }

  /**
   * Answers an offer; where that fails, the connection is closed.
   * @param open builds on the sections of the offer, once they are known and before they are answered
   * @throws SightlineError `sdp-invalid`, `sessions-exhausted`, `candidates-exhausted`
   */
  async answer({ offerSdp, finishAnswer }: Answering, open: () => Promise<void>): Promise<string> {
    try {
      const { sdp, offered } = takeCandidates(offerSdp);
      await this.pc.setRemoteDescription({ type: 'offer', sdp });
      await open();
      this.#gate();
      await this.#ice.open(this.pc, offered);
      await this.pc.setLocalDescription(await this.pc.createAnswer());
      return advertise(finishAnswer(this.pc.localDescription?.sdp ?? ''), this.#options.ice);
    } catch (error) {
      await this.close('answer failed');
      if (error instanceof SightlineError) throw error;
      throw new SightlineError('sdp-invalid', `Cannot answer the offer: ${String(error)}`, { cause: error });
    }
  }

  #gate(): void {
    const takes = (request: Message, authentic: boolean) => this.#ice.takes(request, authentic);
    gateTransports({ pc: this.pc, takes, refusals: this.refusals, log: this.#options.log });
  }

  #onState(state: RTCPeerConnection['connectionState']): void {
    switch (state) {
      case 'new':
      case 'connecting':
        return;
      case 'connected':
        this.#wasConnected = true;
        clearTimeout(this.#connectTimer);
        this.#setState('connected');
        return;
      case 'disconnected':
        this.#setState('disconnected');
        return;
      case 'failed':
        this.#fail('the network path was lost');
        return;
      case 'closed':
        void this.close('closed by the other side');
    }
  }

  /** Ends the connection because of its path, and keeps what is known of why. */
  #fail(reason: string): void {
    if (this.#closing) return;
    this.#diagnosis = diagnose(this.#ice.facts(this.#wasConnected));
    void this.close(reason);
  }

  #setState(state: LinkState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    this.emit('state', state);
  }

  /** Ends the connection and frees its sockets and timers. Idempotent; the first reason wins. */
  close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  /** Never rejects: what the library cannot close is logged, and everything of ours is freed all the same. */
  async #close(reason: string): Promise<void> {
    const { release, log } = this.#options;
    clearTimeout(this.#connectTimer);
    release();
    this.#setState('closed');
    this.emit('close', reason);
    const limit = new AbortController();
    const late = delay(CLOSE_LIMIT_MS, 'late', { signal: limit.signal }).catch(() => undefined);
    try {
      if ((await Promise.race([this.pc.close(), late])) === 'late') log.warn('Connection closes too slowly');
    } catch (error) {
      log.warn({ error }, 'Connection not closed cleanly');
    } finally {
      limit.abort();
      this.#ice.close();
      this.removeAllListeners();
    }
  }
}
