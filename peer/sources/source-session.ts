import type { SourceRequest } from '../../protocol/sources.ts';
import { FeedSession, type FeedSessionOptions } from './feed-session.ts';
import { defaultReconnect, type Reconnect } from './reconnect.ts';
import { SourceFeed } from './source-feed.ts';
import type { Resolve, SourceRules } from './source-policy.ts';
import { type ReadingOptions, SourceReading } from './source-reading.ts';
import { SourceSound } from './source-sound.ts';

/** How long opening, and each wait for something of the network, may take. */
const TIMEOUT_MS = 10_000;
/** How long a picture may be waited for while something comes: more than cameras that take one now and then need. */
const PICTURE_TIMEOUT_MS = 30_000;

export interface SourceSessionOptions
  extends Pick<FeedSessionOptions, 'sessionId' | 'engines' | 'codecs' | 'log'> {
  readonly rules: SourceRules;
  /** Ends the opening. */
  readonly signal: AbortSignal;
  readonly resolveHost?: Resolve;
  readonly timeoutMs?: number;
  readonly pictureTimeoutMs?: number;
  readonly reconnect?: Reconnect;
}

/** A session and what feeds it. */
export interface FedSession {
  readonly session: FeedSession;
  /** Lets the pictures come. Closing the session ends that, and frees everything even where it never began. */
  start(): void;
}

/**
 * Opens a session for a source of which there is a first picture.
 * @throws SightlineError as `SourceReading.open()` and `FeedSession.open()`; then nothing is left open
 */
export async function openSourceSession(
  request: SourceRequest,
  options: SourceSessionOptions,
): Promise<FedSession> {
  const { url, pace, loop = false, ...chosen } = request;
  const { timeoutMs = TIMEOUT_MS, pictureTimeoutMs = PICTURE_TIMEOUT_MS } = options;
  const { reconnect = defaultReconnect } = options;
  let sound: SourceSound | undefined;
  const onSound: ReadingOptions['onSound'] = (packet, format) => sound?.push(packet, format);
  const open = (firstSeconds: number, signal: AbortSignal) =>
    SourceReading.open(url, { ...options, timeoutMs, pictureTimeoutMs, firstSeconds, onSound, signal });
  const first = await open(0, options.signal);
  if (first.info.audio) sound = new SourceSound(first.info.audio);
  const isFast = pace === 'fast' && !first.isLive;
  try {
    const { sessionId, engines, codecs } = options;
    const log = options.log.child({ sessionId });
    let feed: SourceFeed | undefined;
    const session = await FeedSession.open({
      sessionId,
      // As fast as every one is looked at.
      settings: { ...(isFast && { sync: 'exact' as const }), ...chosen },
      via: 'source',
      engines,
      codecs,
      log: options.log,
      sound,
      onClosing: () => feed?.close(),
    });
    feed = new SourceFeed(first, { session, open, isFast, loop, reconnect, log });
    session.connected(first.info.codec.toUpperCase());
    return { session, start: () => feed.start() };
  } catch (error) {
    await first.close();
    throw error;
  }
}
