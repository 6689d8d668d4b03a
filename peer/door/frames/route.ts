import type { WebSocket } from 'ws';
import { SightlineError } from '../../../protocol/errors.ts';
import type { Codecs } from '../../codec/codecs.ts';
import type { Engines } from '../../engines.ts';
import type { Logger } from '../../log.ts';
import type { Sessions } from '../../sessions.ts';
import type { JpegFeeds } from '../../sinks/jpeg-feeds.ts';
import type { Door } from '../server.ts';
import { turnAway } from './connection.ts';
import { readFramesQuery } from './query.ts';
import { openSender } from './sender.ts';
import { openWatcher } from './watcher.ts';

/** Of one message: a picture of 4K UHD in I420 fits. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface FramesOptions {
  readonly door: Door;
  /** Begins the ids of sessions. */
  readonly peerId: string;
  readonly sessions: Sessions;
  readonly feeds: JpegFeeds;
  readonly engines: Engines;
  readonly codecs: Codecs;
  /** Those who watch sessions over WebSockets, at a time. */
  readonly maxViewers: number;
  readonly log: Logger;
}

/**
 * Adds `/ws/frames` to a door: frames in, results and frames with what is found drawn in out, as a session of its own;
 * or with `?session=` what goes on in the session of another.
 */
export function addFrames(options: FramesOptions): void {
  const { door, maxViewers, log } = options;
  let watchers = 0;
  const open = async (socket: WebSocket, url: URL): Promise<void> => {
    const request = readFramesQuery(url);
    if (request.role === 'sender') return openSender(socket, request, options);
    if (watchers >= maxViewers) throw exhausted(maxViewers);
    watchers++;
    socket.once('close', () => watchers--);
    openWatcher(socket, request, options);
  };
  const handler = async (socket: WebSocket, url: URL): Promise<void> => {
    // Nothing is read before somebody listens.
    socket.pause();
    try {
      await open(socket, url);
    } catch (error) {
      if (!(error instanceof SightlineError)) log.error({ error }, 'WebSocket not served');
      turnAway(socket, error);
    } finally {
      socket.resume();
    }
  };
  door.onUpgrade('/ws/frames', handler, { maxMessageBytes: MAX_MESSAGE_BYTES });
}

function exhausted(maxViewers: number): SightlineError {
  return new SightlineError(
    'viewers-exhausted',
    `Cannot show the session to another: all ${maxViewers} places for viewers of this media peer are taken`,
    { retryAfterSeconds: 5 },
  );
}
