import { randomBytes } from 'node:crypto';

/** Who does not know an id cannot guess it. */
const RANDOM_BYTES = 16;

/** Makes the id of a session that begins here, as signaling makes them: `<peerId>-<random>`, by which it is found. */
export function newSessionId(peerId: string): string {
  return `${peerId}-${randomBytes(RANDOM_BYTES).toString('base64url')}`;
}
