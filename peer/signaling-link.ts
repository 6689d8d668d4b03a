import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { SightlineError } from '../protocol/errors.ts';
import { icePatchSchema } from '../protocol/ice.ts';
import {
  configureCallSchema,
  offerCallSchema,
  PEERS_NAMESPACE,
  type PeerToSignaling,
  type Registration,
  type Reply,
  type SignalingToPeer,
  sessionCallSchema,
  viewCallSchema,
} from '../protocol/peers.ts';
import { toProblem } from '../protocol/problem.ts';
import type { PeerConfig } from './config.ts';
import type { LoadMeter } from './load-meter.ts';
import type { Logger } from './log.ts';
import type { Sessions } from './sessions.ts';

const LOAD_INTERVAL_MS = 1000;

export interface SignalingLinkOptions {
  readonly config: PeerConfig;
  /** What this peer is by now; asked each time that it registers. */
  readonly registration: () => Registration;
  readonly sessions: Sessions;
  readonly load: LoadMeter;
  readonly log: Logger;
}

/** The peer's end of the namespace that signaling calls it over. Reconnects by itself, and registers anew each time. */
export class SignalingLink {
  readonly #options: SignalingLinkOptions;
  readonly #socket: Socket<SignalingToPeer, PeerToSignaling>;
  readonly #timer: NodeJS.Timeout;

  constructor(options: SignalingLinkOptions) {
    this.#options = options;
    const { signalingUrl, token, peerId } = options.config;
    this.#socket = io(new URL(PEERS_NAMESPACE, signalingUrl).href, {
      transports: ['websocket'],
      auth: { token, peerId },
      reconnectionDelayMax: 2000,
    });
    this.#listen();
    this.#timer = setInterval(() => this.#reportLoad(), LOAD_INTERVAL_MS);
  }

  #listen(): void {
    const { sessions, log } = this.#options;
    this.#socket.on('connect', () => {
      log.info('Connected to signaling');
      this.register();
      this.#reportLoad();
    });
    this.#socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') {
        log.warn({ reason }, 'Lost signaling; calls go on, and it is tried again');
      }
    });
    this.#socket.on('connect_error', (error) =>
      log.warn({ error: error.message }, 'Signaling cannot be reached'),
    );
    this.#socket.on('offer', (call, reply) =>
      this.#answer(reply, async () => {
        const { sessionId, offer, iceServers } = parse(offerCallSchema, call);
        return sessions.open(sessionId, offer, iceServers);
      }),
    );
    this.#socket.on('view', (call, reply) =>
      this.#answer(reply, async () => {
        const { viewerId, sessionId, offer, iceServers } = parse(viewCallSchema, call);
        return sessions.viewers.open(viewerId, sessions.get(sessionId), offer, iceServers);
      }),
    );
    this.#socket.on('describe', (call, reply) =>
      this.#answer(reply, async () => sessions.describe(parse(sessionCallSchema, call).sessionId)),
    );
    this.#socket.on('ice', (call, reply) =>
      this.#answer(reply, async () => {
        const patch = parse(icePatchSchema, call);
        return sessions.connected(patch.sessionId).patchIce(patch);
      }),
    );
    this.#socket.on('configure', (call, reply) =>
      this.#answer(reply, async () => {
        const { sessionId, changes } = parse(configureCallSchema, call);
        return sessions.get(sessionId).configure(changes);
      }),
    );
    this.#socket.on('close', (call, reply) =>
      this.#answer(reply, async () => {
        await sessions.connected(parse(sessionCallSchema, call).sessionId).close('closed by request');
        return {};
      }),
    );
    sessions.on('opened', () => this.#reportLoad());
    sessions.on('event', (sessionId, event) => {
      if (this.#socket.connected) this.#socket.emit('session-event', { sessionId, event });
    });
    sessions.on('closed', (sessionId, reason) => {
      this.#socket.emit('session-closed', { sessionId, reason });
      this.#reportLoad();
    });
  }

  #answer<T>(reply: (reply: Reply<T>) => void, work: () => Promise<T>): void {
    work().then(
      (value) => reply({ ok: true, value }),
      (error: unknown) => {
        if (!(error instanceof SightlineError)) this.#options.log.error({ error }, 'Call failed');
        reply({ ok: false, problem: toProblem(error) });
      },
    );
  }

  /** Tells signaling what this peer is, and again when that has changed. Without a connection the next one tells it. */
  register(): void {
    if (this.#socket.connected) this.#socket.emit('register', this.#options.registration());
  }

  #reportLoad(): void {
    if (!this.#socket.connected) return;
    this.#socket.volatile.emit('load', this.#options.load.read(this.#options.sessions.size));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.disconnect();
  }
}

function parse<T extends z.ZodType>(schema: T, message: unknown): z.infer<T> {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new SightlineError('internal', `Cannot take the call: ${z.prettifyError(parsed.error)}`);
}
