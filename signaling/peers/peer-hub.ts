import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Namespace } from 'socket.io';
import { SightlineError } from '../../protocol/errors.ts';
import type { SceneEvent } from '../../protocol/events.ts';
import type { IceServer } from '../../protocol/ice.ts';
import {
  type PeerAuth,
  type PeerToSignaling,
  peerAuthSchema,
  type SignalingToPeer,
} from '../../protocol/peers.ts';
import type { Answer, Offer } from '../../protocol/session.ts';
import type { ViewOffer } from '../../protocol/view.ts';
import type { Log } from '../log.ts';
import { sameSecret } from '../same-secret.ts';
import { ConnectedPeer, type PeerSocket } from './connected-peer.ts';
import { choosePeer } from './peer-choice.ts';
import { formatSessionId, peerOfSessionId, SESSION_ID_RANDOM_BYTES } from './session-id.ts';

export type PeersNamespace = Namespace<PeerToSignaling, SignalingToPeer>;

export interface PeerHubOptions {
  /** What a media peer has to present. */
  readonly token: string;
  readonly callTimeoutMs: number;
  /** STUN and TURN servers for a media peer's own use, made for each call; absent where it uses none. */
  readonly iceServers?: (() => IceServer[]) | undefined;
  readonly log: Log;
  /** Told each time a media peer becomes able to take calls. */
  readonly onRegistered: (peer: ConnectedPeer) => void;
}

/** The media peers that are connected now, and the calls that the routes make on them. */
export class PeerHub {
  readonly #options: PeerHubOptions;
  readonly #peers = new Map<string, ConnectedPeer>();
  /** By the id of the session. */
  readonly #events = new EventEmitter<Record<string, [event: SceneEvent | undefined]>>().setMaxListeners(0);
  #closing: Promise<void> | undefined;

  constructor(namespace: PeersNamespace, options: PeerHubOptions) {
    this.#options = options;
    namespace.use((socket, next) => next(this.#refusal(socket.handshake.auth)));
    namespace.on('connection', (socket) => this.#connect(socket));
  }

  /** Those that have registered. */
  get peers(): readonly ConnectedPeer[] {
    return [...this.#peers.values()].filter((peer) => peer.registration !== undefined);
  }

  /**
   * Chooses the media peer that would take a call now.
   *
   * @throws {SightlineError} `no-peer`, `model-unknown` or `sessions-exhausted`
   */
  choose(model?: string): ConnectedPeer {
    const places = this.#closing === undefined ? this.peers.flatMap(({ place }) => place ?? []) : [];
    return choosePeer(places, model).peer;
  }

  /**
   * Chooses the media peer for work that takes no place of a session: the one with the fewest sessions and requests.
   *
   * @throws {SightlineError} `no-peer`, `model-unknown` or `model-unavailable`
   */
  chooseForWork(model?: string): ConnectedPeer {
    const places = this.#closing === undefined ? this.peers.flatMap(({ place }) => place ?? []) : [];
    const open = places.map((place) => {
      return { ...place, taken: place.taken + place.peer.passed, maxSessions: Number.MAX_SAFE_INTEGER };
    });
    return choosePeer(open, model).peer;
  }

  /** Opens a session on the least loaded media peer. */
  async open(offer: Offer): Promise<Answer> {
    const peer = this.choose(offer.model ?? offer.tasks?.find(({ model }) => model !== undefined)?.model);
    const sessionId = formatSessionId(peer.peerId, randomBytes(SESSION_ID_RANDOM_BYTES));
    return { ...(await peer.open(sessionId, offer, this.#options.iceServers?.())), sessionId };
  }

  /**
   * Shows a session to one who watches, on the media peer that it lives on. `sessionId` of the answer names the viewer.
   *
   * @throws {SightlineError} as `peerOf`, and what the media peer answers
   */
  async view(sessionId: string, offer: ViewOffer): Promise<Answer> {
    const peer = this.peerOf(sessionId);
    const viewerId = formatSessionId(peer.peerId, randomBytes(SESSION_ID_RANDOM_BYTES));
    const iceServers = this.#options.iceServers?.();
    return {
      ...(await peer.view({ viewerId, sessionId, offer, ...(iceServers && { iceServers }) })),
      sessionId: viewerId,
    };
  }

  /**
   * The media peer that a session lives on.
   *
   * @throws {SightlineError} `session-unknown` when the id names no peer, or one that is not here
   */
  peerOf(sessionId: string): ConnectedPeer {
    const peer = this.#peers.get(peerOfSessionId(sessionId) ?? '');
    if (peer === undefined) {
      throw new SightlineError(
        'session-unknown',
        'Cannot find the session: expected the id of an open session',
      );
    }
    return peer;
  }

  /**
   * Tells what happens in a session from now on; without an event once, when it has ended or its peer is gone.
   * @returns ends it
   */
  watch(sessionId: string, listener: (event: SceneEvent | undefined) => void): () => void {
    this.#events.on(sessionId, listener);
    return () => this.#events.off(sessionId, listener);
  }

  /**
   * Takes no more calls and closes the sessions opened here. The connections end with the socket.io server, in the way
   * that lets media peers of other machines come back to the next one. The first call counts.
   */
  close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#peers.values()].map((peer) => peer.closeSessions())).then(
      () => {},
    );
    return this.#closing;
  }

  #refusal(auth: unknown): Error | undefined {
    const parsed = peerAuthSchema.safeParse(auth);
    if (!parsed.success) return new Error('Cannot connect: expected a token and a peerId of a-z and 0-9');
    return sameSecret(parsed.data.token, this.#options.token)
      ? undefined
      : new Error('Cannot connect: expected the token of this server in SIGHTLINE_PEER_TOKEN, found another');
  }

  #connect(socket: PeerSocket): void {
    const { peerId } = socket.handshake.auth as PeerAuth;
    const { callTimeoutMs, log, onRegistered } = this.#options;
    this.#peers.get(peerId)?.close('another media peer took its id');
    const onEvent = (sessionId: string, event: SceneEvent | undefined) => {
      if (peerOfSessionId(sessionId) === peerId) this.#events.emit(sessionId, event);
    };
    const peer = new ConnectedPeer(socket, { peerId, callTimeoutMs, log, onRegistered, onEvent });
    this.#peers.set(peerId, peer);
    socket.once('disconnect', (reason) => {
      log.info({ peerId, reason }, 'media peer disconnected');
      if (this.#peers.get(peerId) === peer) this.#peers.delete(peerId);
      for (const sessionId of this.#events.eventNames()) onEvent(String(sessionId), undefined);
    });
  }
}
