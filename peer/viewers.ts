import { SightlineError } from '../protocol/errors.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { Answer, Watching } from '../protocol/session.ts';
import type { ViewOffer } from '../protocol/view.ts';
import type { Codecs } from './codec/codecs.ts';
import type { LiveSession } from './live-session.ts';
import type { Logger } from './log.ts';
import { rateLimitedWarning } from './rate-limited-warning.ts';
import { Programmes } from './sinks/programmes.ts';
import type { IceSettings } from './transport/ice-settings.ts';
import { Viewer } from './viewer.ts';

export interface ViewersOptions {
  readonly maxViewers: number;
  readonly codecs: Codecs;
  readonly ice: IceSettings;
  readonly connectTimeoutMs: number;
  readonly maxBitrate: number;
  readonly log: Logger;
}

/** What is kept of one session that is, or was, watched. */
interface Watched {
  readonly programmes: Programmes;
  readonly viewers: Set<Viewer>;
}

/** Those who watch the sessions of this peer. They take no places of sessions, and have a limit of their own. */
export class Viewers {
  readonly #options: ViewersOptions;
  /** By id; undefined while a viewer is still being answered. */
  readonly #viewers = new Map<string, Viewer | undefined>();
  readonly #watched = new Map<LiveSession, Watched>();

  constructor(options: ViewersOptions) {
    this.#options = options;
  }

  /**
   * Answers the offer of one who wants to watch a session.
   * @throws SightlineError `viewers-exhausted`, `peer-lost`, and what `Viewer.open()` throws
   */
  async open(
    viewerId: string,
    session: LiveSession,
    offer: ViewOffer,
    servers: readonly IceServer[] = [],
  ): Promise<Answer> {
    const { maxViewers, ice, connectTimeoutMs, maxBitrate, log } = this.#options;
    if (this.#viewers.size >= maxViewers) throw exhausted(maxViewers);
    this.#viewers.set(viewerId, undefined);
    try {
      const watched = this.#watch(session);
      const link = { ice: { ...ice, servers }, connectTimeoutMs, log: log.child({ viewerId }) };
      const viewer = await Viewer.open({
        offer,
        session,
        programmes: watched.programmes,
        link,
        maxBitrate,
      });
      if (session.closed) await viewer.close('the session ended');
      if (viewer.closed) throw new SightlineError('peer-lost', 'Cannot show the session: it ended meanwhile');
      this.#viewers.set(viewerId, viewer);
      watched.viewers.add(viewer);
      viewer.once('close', () => {
        this.#viewers.delete(viewerId);
        watched.viewers.delete(viewer);
      });
      return { type: 'answer', sdp: viewer.answerSdp, sessionId: viewerId, iceSession: viewer.iceSession };
    } catch (error) {
      this.#viewers.delete(viewerId);
      throw error;
    }
  }

  find(viewerId: string): Viewer | undefined {
    return this.#viewers.get(viewerId);
  }

  /** Who watches a session, and what is encoded for them; undefined where nobody ever did. */
  describe(session: LiveSession): Watching | undefined {
    const watched = this.#watched.get(session);
    return (
      watched && {
        encodings: watched.programmes.stats(),
        viewers: [...watched.viewers].map((viewer) => viewer.stats()),
      }
    );
  }

  async close(reason: string): Promise<void> {
    const viewers = [...this.#viewers.values()].filter((viewer) => viewer !== undefined);
    await Promise.all(viewers.map((viewer) => viewer.close(reason)));
  }

  #watch(session: LiveSession): Watched {
    const known = this.#watched.get(session);
    if (known) return known;
    const { codecs, maxBitrate, log } = this.#options;
    const warn = rateLimitedWarning(log);
    const programmes = new Programmes({ session, codecs, maxBitrate, warn });
    const viewers = new Set<Viewer>();
    const watched = { programmes, viewers };
    this.#watched.set(session, watched);
    session.on('configured', ({ effects }) => {
      for (const viewer of viewers) viewer.onEffects(effects);
    });
    session.once('close', () => {
      this.#watched.delete(session);
      for (const viewer of viewers) void viewer.close('the session ended');
      programmes.close().catch((error: unknown) => log.error({ error }, 'Encodings not closed cleanly'));
    });
    return watched;
  }
}

function exhausted(maxViewers: number): SightlineError {
  return new SightlineError(
    'viewers-exhausted',
    `Cannot show the session to another: all ${maxViewers} places for viewers of this media peer are taken`,
    { retryAfterSeconds: 5 },
  );
}
