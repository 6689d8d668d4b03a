import { EventEmitter } from 'node:events';
import { SightlineError } from '../protocol/errors.ts';
import type { SceneEvent } from '../protocol/events.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { Answer, Offer, SessionDescription } from '../protocol/session.ts';
import { ClosedSessions } from './closed-sessions.ts';
import type { LiveSession } from './live-session.ts';
import { Session, type SessionOptions } from './session.ts';
import { Viewers } from './viewers.ts';

export interface SessionsEvents {
  opened: [sessionId: string];
  closed: [sessionId: string, reason: string];
  event: [sessionId: string, event: SceneEvent];
}

export interface SessionsOptions extends Omit<SessionOptions, 'sessionId' | 'offer'> {
  readonly maxSessions: number;
  readonly maxViewers: number;
}

/** The sessions of this peer: opened here, found here by id, gone from here once they are closed. */
export class Sessions extends EventEmitter<SessionsEvents> {
  readonly #options: SessionsOptions;
  /** Undefined while the session is still being answered: its place is taken all the same. */
  readonly #sessions = new Map<string, LiveSession | undefined>();
  readonly #closed = new ClosedSessions();
  /** Those who watch. */
  readonly viewers: Viewers;

  constructor(options: SessionsOptions) {
    super();
    this.#options = options;
    this.viewers = new Viewers(options);
  }

  get size(): number {
    return this.#sessions.size;
  }

  /**
   * Answers the offer of a call.
   * @throws SightlineError `sessions-exhausted`, and what `Session.open()` throws
   */
  async open(sessionId: string, offer: Offer, servers: readonly IceServer[] = []): Promise<Answer> {
    const ice = { ...this.#options.ice, servers };
    const session = await this.admit(sessionId, () =>
      Session.open({ ...this.#options, ice, sessionId, offer }),
    );
    return { type: 'answer', sdp: session.answerSdp, sessionId, iceSession: session.iceSession };
  }

  /**
   * Takes in a session by whichever door it comes, if there is a place for it.
   * @throws SightlineError `sessions-exhausted`, and what `open` throws
   */
  async admit<T extends LiveSession>(sessionId: string, open: () => Promise<T>): Promise<T> {
    if (this.#sessions.size >= this.#options.maxSessions) {
      throw new SightlineError(
        'sessions-exhausted',
        `Cannot open a session: all ${this.#options.maxSessions} of this media peer are taken`,
        { retryAfterSeconds: 5 },
      );
    }
    this.#sessions.set(sessionId, undefined);
    try {
      const session = await open();
      if (session.closed)
        throw new SightlineError('peer-lost', 'Cannot open the session: it was closed meanwhile');
      this.#sessions.set(sessionId, session);
      // Everyone who is shown it listens for its end.
      session.setMaxListeners(0);
      session.on('event', (event) => this.emit('event', sessionId, event));
      session.once('close', (reason) => this.#forget(session, reason));
      this.emit('opened', sessionId);
      return session;
    } catch (error) {
      this.#sessions.delete(sessionId);
      throw error;
    }
  }

  #forget(session: LiveSession, reason: string): void {
    const description = session.describe();
    const { sessionId } = description;
    if (description.diagnosis || session.endedByItself) this.#closed.keep(description, performance.now());
    this.#sessions.delete(sessionId);
    this.emit('closed', sessionId, reason);
  }

  /** @throws SightlineError `session-unknown` */
  get(sessionId: string): LiveSession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) {
      throw new SightlineError(
        'session-unknown',
        `Cannot find the session ${sessionId}: it never was, or it has ended`,
      );
    }
    return session;
  }

  /**
   * How a session is; one whose path failed is told of for some minutes more.
   * @throws SightlineError `session-unknown`
   */
  describe(sessionId: string): SessionDescription {
    const closed = this.#closed.find(sessionId, performance.now());
    if (closed) return closed;
    const session = this.get(sessionId);
    const watching = this.viewers.describe(session);
    return { ...session.describe(), ...(watching && { watching }) };
  }

  /**
   * Whoever has a connection under this id: a session, or one who watches.
   * @throws SightlineError `session-unknown`
   */
  connected(id: string): Pick<LiveSession, 'patchIce' | 'close'> {
    return this.viewers.find(id) ?? this.get(id);
  }

  async close(reason: string): Promise<void> {
    const sessions = [...this.#sessions.values()].filter((session) => session !== undefined);
    await this.viewers.close(reason);
    await Promise.all(sessions.map((session) => session.close(reason)));
  }
}
