import type { SessionStanding } from './server.ts';

/** What can be seen of a call from this side. */
export interface Signs {
  connection: RTCPeerConnectionState;
  /** Milliseconds that the first connection has been tried for; 0 once it stood. */
  connectingMs: number;
  /** Milliseconds that video has been going out and none came back. */
  stalledMs: number;
  /** The data channel was closed, and not from here. */
  channelClosed: boolean;
}

/** What ended a call. */
export type Verdict = 'server-unreachable' | 'session-unknown' | 'ice-failed' | 'media-timeout';

const ASK_AFTER_STALL_MS = 2_000;
const GIVE_UP_STALL_MS = 10_000;
const GIVE_UP_CONNECTING_MS = 15_000;

/** Whether the server should be asked how the call stands. */
export function looksWrong({ connection, connectingMs, stalledMs, channelClosed }: Signs): boolean {
  const broken = connection === 'failed' || connection === 'disconnected';
  return broken || channelClosed || stalledMs >= ASK_AFTER_STALL_MS || connectingMs >= GIVE_UP_CONNECTING_MS;
}

/** What ended a call that looks wrong; null while it may still mend itself. */
export function verdict(signs: Signs, standing: SessionStanding): Verdict | null {
  if (standing === 'server-gone') return 'server-unreachable';
  if (standing === 'ended') return 'session-unknown';
  if (signs.connection === 'failed' || signs.connectingMs >= GIVE_UP_CONNECTING_MS) return 'ice-failed';
  return signs.stalledMs >= GIVE_UP_STALL_MS ? 'media-timeout' : null;
}
