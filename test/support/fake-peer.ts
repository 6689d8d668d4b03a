import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import { SightlineError } from '../../protocol/errors.ts';
import type { IcePatch, IcePatched } from '../../protocol/ice.ts';
import type { ModelSummary } from '../../protocol/models.ts';
import {
  type DoorAddress,
  type OfferCall,
  PEERS_NAMESPACE,
  type PeerToSignaling,
  type Reply,
  type SessionCall,
  type SignalingToPeer,
  type ViewCall,
} from '../../protocol/peers.ts';
import { toProblem } from '../../protocol/problem.ts';
import type { Answer, CurrentSettings, LiveSettings, SessionDescription } from '../../protocol/session.ts';

/** What a fake peer does with an offer. */
export type OfferBehaviour = (call: OfferCall, reply: (reply: Reply<Answer>) => void, peer: FakePeer) => void;

export interface FakePeerOptions {
  readonly url: string;
  readonly token: string;
  readonly peerId?: string;
  readonly maxSessions?: number;
  readonly models?: readonly ModelSummary[];
  readonly codec?: string;
  readonly onOffer?: OfferBehaviour;
  /** Where it serves HTTP; nowhere when left out. */
  readonly door?: DoorAddress;
}

/** A model as a peer registers it. */
export function modelSummary(overrides: Partial<ModelSummary> = {}): ModelSummary {
  return {
    id: 'yolox-nano',
    task: 'detect',
    title: 'YOLOX-nano',
    licence: 'Apache-2.0',
    inputWidth: 416,
    inputHeight: 416,
    labels: ['person'],
    threshold: 0.3,
    available: true,
    loaded: true,
    default: true,
    ...overrides,
  };
}

/** Settings as a session has them of which nothing is said. */
export function currentSettings(overrides: Partial<CurrentSettings> = {}): CurrentSettings {
  const task = { task: 'detect', model: 'yolox-nano', threshold: 0.3 } as const;
  return { ...task, tasks: [task], output: 'annotated', sync: 'live', effects: {}, zones: [], ...overrides };
}

/** Answers an offer as a peer does that has no media. */
export const answerOffer: OfferBehaviour = ({ sessionId }, reply, peer) => {
  peer.sessions.set(sessionId, Date.now());
  peer.reportLoad();
  reply({ ok: true, value: { type: 'answer', sdp: 'v=0\r\n', sessionId, iceSession: 'first' } });
};

/** Takes an offer and never answers it. */
export const ignoreOffer: OfferBehaviour = () => {};

/** A media peer without media: a real socket.io client that follows the protocol, and keeps what it was asked. */
export class FakePeer {
  readonly peerId: string;
  readonly socket: Socket<SignalingToPeer, PeerToSignaling>;
  /** Ids of the open sessions and when each was opened, Unix milliseconds. */
  readonly sessions = new Map<string, number>();
  readonly offers: OfferCall[] = [];
  /** Ids of the sessions that it was told to close. */
  readonly closed: string[] = [];
  /** Settings that it was asked to change. */
  readonly changes: LiveSettings[] = [];
  /** What it was asked to change about ICE. */
  readonly patches: IcePatch[] = [];
  /** Those who asked to watch. */
  readonly views: ViewCall[] = [];
  onOffer: OfferBehaviour;
  onIce: (patch: IcePatch) => IcePatched = () => ({ iceSession: 'first', restarted: null });
  readonly #options: FakePeerOptions;

  constructor(options: FakePeerOptions) {
    this.#options = options;
    this.peerId = options.peerId ?? 'fake';
    this.onOffer = options.onOffer ?? answerOffer;
    this.socket = io(new URL(PEERS_NAMESPACE, options.url).href, {
      auth: { token: options.token, peerId: this.peerId },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    this.socket.on('connect', () => {
      this.register();
      this.reportLoad();
    });
    this.socket.on('offer', (call, reply) => {
      this.offers.push(call);
      this.onOffer(call, reply, this);
    });
    this.socket.on('view', (call, reply) => {
      this.views.push(call);
      if (!this.sessions.has(call.sessionId)) return reply(unknownSession());
      const { viewerId } = call;
      this.sessions.set(viewerId, Date.now());
      reply({
        ok: true,
        value: { type: 'answer', sdp: 'v=0\r\n', sessionId: viewerId, iceSession: 'first' },
      });
    });
    this.socket.on('describe', (call, reply) => reply(this.#describe(call)));
    this.socket.on('configure', ({ sessionId, changes }, reply) => {
      this.changes.push(changes);
      reply(
        this.sessions.has(sessionId)
          ? {
              ok: true,
              value: currentSettings({
                ...(changes.threshold === undefined ? {} : { threshold: changes.threshold }),
              }),
            }
          : unknownSession(),
      );
    });
    this.socket.on('ice', (patch, reply) => {
      this.patches.push(patch);
      try {
        reply({ ok: true, value: this.onIce(patch) });
      } catch (error) {
        reply({ ok: false, problem: toProblem(error) });
      }
    });
    this.socket.on('close', (call, reply) => reply(this.#closeSession(call)));
  }

  /** Says what it is; again when its models have changed. */
  register(models: readonly ModelSummary[] = this.#options.models ?? [modelSummary()]): void {
    this.socket.emit('register', {
      models: [...models],
      maxSessions: this.#options.maxSessions ?? 2,
      codec: this.#options.codec ?? 'fake 1.0',
      ...(this.#options.door && { door: this.#options.door }),
    });
  }

  /** Sends the load as it is now. */
  reportLoad(): void {
    this.socket.emit('load', {
      sessions: this.sessions.size,
      cpu: 0.25,
      residentMemory: 50_000_000,
      eventLoopDelayP99: 1.5,
      natives: 0,
      handles: 3,
    });
  }

  /** Ends a session as a peer does whose browser went away. */
  endSession(sessionId: string): void {
    this.sessions.delete(sessionId);
    this.socket.emit('session-closed', { sessionId, reason: 'ICE failed' });
    this.reportLoad();
  }

  /** Resolves when the connection has ended. */
  async ended(): Promise<void> {
    if (this.socket.connected) await once(eventsOf(this.socket), 'disconnect');
  }

  close(): void {
    this.socket.disconnect();
  }

  #describe({ sessionId }: SessionCall): Reply<SessionDescription> {
    const createdAt = this.sessions.get(sessionId);
    if (createdAt === undefined) return unknownSession();
    return {
      ok: true,
      value: {
        sessionId,
        state: 'connected',
        createdAt,
        ...currentSettings(),
        via: 'webrtc',
        packetsUnroutable: 0,
        packetsRefused: {},
        feedbackMissing: false,
        tracks: [],
      },
    };
  }

  #closeSession({ sessionId }: SessionCall): Reply<Record<string, never>> {
    this.closed.push(sessionId);
    if (!this.sessions.has(sessionId)) return unknownSession();
    this.endSession(sessionId);
    return { ok: true, value: {} };
  }
}

/** `once` of node:events wants Node's names; the client emits its own events under them. */
function eventsOf(socket: Socket<SignalingToPeer, PeerToSignaling>): NodeJS.EventEmitter {
  return socket as unknown as NodeJS.EventEmitter;
}

function unknownSession<T>(): Reply<T> {
  return { ok: false, problem: toProblem(new SightlineError('session-unknown', 'There is no such session')) };
}
