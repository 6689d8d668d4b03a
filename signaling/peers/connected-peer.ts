import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import type { SceneEvent } from '../../protocol/events.ts';
import type { IcePatch, IcePatched, IceServer } from '../../protocol/ice.ts';
import {
  answerReplySchema,
  closedReplySchema,
  configuredReplySchema,
  descriptionReplySchema,
  icePatchedReplySchema,
  type PeerLoad,
  type PeerToSignaling,
  peerLoadSchema,
  type Registration,
  registrationSchema,
  type SignalingToPeer,
  sessionClosedSchema,
  sessionEventSchema,
  type ViewCall,
} from '../../protocol/peers.ts';
import type {
  Answer,
  CurrentSettings,
  LiveSettings,
  Offer,
  SessionDescription,
} from '../../protocol/session.ts';
import type { Log } from '../log.ts';
import { PeerCalls } from './peer-call.ts';
import type { PeerPlace } from './peer-choice.ts';

export type PeerSocket = Socket<PeerToSignaling, SignalingToPeer>;

/** What counts until the peer has said something else. */
const noLoad: PeerLoad = {
  sessions: 0,
  cpu: 0,
  residentMemory: 0,
  eventLoopDelayP99: 0,
  natives: 0,
  handles: 0,
};

export interface ConnectedPeerOptions {
  readonly peerId: string;
  readonly callTimeoutMs: number;
  readonly log: Log;
  /** Told once, when the peer can take calls. */
  readonly onRegistered: (peer: ConnectedPeer) => void;
  /** Told what happens in sessions of this peer, and last of all, without an event, that one has ended. */
  readonly onEvent: (sessionId: string, event: SceneEvent | undefined) => void;
}

/** One media peer for as long as its connection lasts: what it said of itself, its sessions, and calls on it. */
export class ConnectedPeer {
  readonly peerId: string;
  readonly #socket: PeerSocket;
  readonly #calls: PeerCalls;
  readonly #log: Log;
  /** Sessions that this process opened or is opening there. */
  readonly #sessions = new Set<string>();
  #registration: Registration | undefined;
  /** Requests that are passed on to its door now. */
  #passing = 0;
  /** Sessions that such requests are opening. */
  #opening = 0;
  #load: PeerLoad = noLoad;

  constructor(
    socket: PeerSocket,
    { peerId, callTimeoutMs, log, onRegistered, onEvent }: ConnectedPeerOptions,
  ) {
    this.peerId = peerId;
    this.#socket = socket;
    this.#calls = new PeerCalls(peerId, callTimeoutMs);
    this.#log = log;
    this.#listen('register', registrationSchema, (registration) => {
      const first = this.#registration === undefined;
      this.#registration = registration;
      if (first) onRegistered(this);
    });
    this.#listen('load', peerLoadSchema, (load) => {
      this.#load = load;
    });
    this.#listen('session-closed', sessionClosedSchema, ({ sessionId, reason }) => {
      this.#sessions.delete(sessionId);
      log.info({ peerId, reason }, 'session closed');
      onEvent(sessionId, undefined);
    });
    this.#listen('session-event', sessionEventSchema, ({ sessionId, event }) => onEvent(sessionId, event));
    socket.once('disconnect', (reason) => this.close(reason));
  }

  /** Undefined until the peer has registered. */
  get registration(): Registration | undefined {
    return this.#registration;
  }

  get load(): PeerLoad {
    return this.#load;
  }

  /**
   * What the choice of a peer looks at; undefined until the peer has registered. The peer's own count holds the
   * sessions of every signaling process, but lags behind; ours holds those that are being opened.
   */
  get place(): (PeerPlace & { readonly peer: ConnectedPeer }) | undefined {
    if (this.#registration === undefined) return undefined;
    const { models, maxSessions } = this.#registration;
    const taken = Math.max(this.#load.sessions, this.#sessions.size + this.#opening);
    return { peer: this, peerId: this.peerId, models, maxSessions, taken, cpu: this.#load.cpu };
  }

  /** Requests that are passed on to its door now. */
  get passed(): number {
    return this.#passing;
  }

  /** Counts a request that is passed on, until it is disposed of. */
  passing(): Disposable {
    this.#passing++;
    return { [Symbol.dispose]: () => void this.#passing-- };
  }

  /** Counts the place of a session that is being opened by a request, until it is disposed of. */
  opening(): Disposable {
    this.#opening++;
    return { [Symbol.dispose]: () => void this.#opening-- };
  }

  /** Opens a session. Where the outcome is not known in the end, the peer is told to close it. */
  async open(sessionId: string, offer: Offer, iceServers?: readonly IceServer[]): Promise<Answer> {
    this.#sessions.add(sessionId);
    try {
      const answer = await this.#calls.call({
        what: 'answer the offer',
        reply: answerReplySchema,
        send: (acknowledge) =>
          this.#socket.emit(
            'offer',
            { sessionId, offer, ...(iceServers && { iceServers: [...iceServers] }) },
            acknowledge,
          ),
        onLateReply: () => void this.#abandon(sessionId),
      });
      this.#log.info({ peerId: this.peerId }, 'session opened');
      return answer;
    } catch (error) {
      const refused =
        error instanceof SightlineError && error.code !== 'peer-timeout' && error.code !== 'internal';
      if (refused) this.#sessions.delete(sessionId);
      else void this.#abandon(sessionId);
      throw error;
    }
  }

  /** Answers one who watches a session. Where the outcome is not known in the end, the peer is told to end it. */
  async view(call: ViewCall): Promise<Answer> {
    const abandon = () => void this.#abandon(call.viewerId);
    try {
      return await this.#calls.call({
        what: 'show the session',
        reply: answerReplySchema,
        send: (acknowledge) => this.#socket.emit('view', call, acknowledge),
        onLateReply: abandon,
      });
    } catch (error) {
      if (error instanceof SightlineError && ['peer-timeout', 'internal'].includes(error.code)) abandon();
      throw error;
    }
  }

  describe(sessionId: string): Promise<SessionDescription> {
    return this.#calls.call({
      what: 'describe the session',
      reply: descriptionReplySchema,
      send: (acknowledge) => this.#socket.emit('describe', { sessionId }, acknowledge),
    });
  }

  /** Passes candidates, or the restart of ICE, on to a session. */
  patchIce(patch: IcePatch): Promise<IcePatched> {
    return this.#calls.call({
      what: 'change the ICE session',
      reply: icePatchedReplySchema,
      send: (acknowledge) => this.#socket.emit('ice', patch, acknowledge),
    });
  }

  /** Changes settings of a session. */
  configure(sessionId: string, changes: LiveSettings): Promise<CurrentSettings> {
    return this.#calls.call({
      what: 'change the settings of the session',
      reply: configuredReplySchema,
      send: (acknowledge) => this.#socket.emit('configure', { sessionId, changes }, acknowledge),
    });
  }

  async closeSession(sessionId: string): Promise<void> {
    try {
      await this.#calls.call({
        what: 'close the session',
        reply: closedReplySchema,
        send: (acknowledge) => this.#socket.emit('close', { sessionId }, acknowledge),
      });
    } finally {
      this.#sessions.delete(sessionId);
    }
  }

  /** Closes every session that this process opened there; resolves when the peer has answered or can no more. */
  async closeSessions(): Promise<void> {
    await Promise.all([...this.#sessions].map((sessionId) => this.#abandon(sessionId)));
  }

  /** Ends the connection and every waiting call. Does nothing the second time. */
  close(reason: string): void {
    this.#calls.close(reason);
    this.#socket.disconnect(true);
  }

  /** Closes a session that nobody waits for; its place counts as taken until the peer has answered. */
  async #abandon(sessionId: string): Promise<void> {
    try {
      await this.closeSession(sessionId);
    } catch (error) {
      this.#log.debug({ err: error, peerId: this.peerId }, 'abandoned session was not closed by its peer');
    }
  }

  /** A peer that sends something outside the protocol cannot be trusted with calls: it is disconnected. */
  #listen<T>(event: keyof PeerToSignaling, schema: z.ZodType<T>, handle: (message: T) => void): void {
    this.#socket.on(event, (message: unknown) => {
      const { success, data, error } = schema.safeParse(message);
      if (success) return handle(data);
      this.#log.warn({ err: error, peerId: this.peerId, event }, 'media peer broke the protocol');
      this.close(`its ${event} message is not valid`);
    });
  }
}
