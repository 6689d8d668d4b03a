import { createHmac } from 'node:crypto';
import type { IceServer } from '../protocol/ice.ts';

/** What the operator decides about STUN and TURN. */
export interface IceServersConfig {
  /** Handed out as they are. */
  readonly fixed: readonly IceServer[];
  /** TURN servers that share a secret with this one; absent where there are none. */
  readonly turn?: TurnConfig;
  /** Whether media peers use the servers for themselves as well. */
  readonly forPeers: boolean;
}

interface TurnConfig {
  readonly urls: readonly string[];
  readonly secret: string;
  readonly ttlSeconds: number;
}

/**
 * The STUN and TURN servers for one client, with credentials that end by themselves: the name is the time they end at,
 * the password its HMAC-SHA1 under the shared secret (draft-uberti-behave-turn-rest-00; `use-auth-secret` of coturn).
 *
 * @param nowMs since the Unix epoch
 */
export function iceServers({ fixed, turn }: IceServersConfig, nowMs: number): IceServer[] {
  if (turn === undefined) return [...fixed];
  const username = `${Math.floor(nowMs / 1000) + turn.ttlSeconds}:sightline`;
  const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
  return [...fixed, { urls: [...turn.urls], username, credential }];
}
