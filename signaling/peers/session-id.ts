/** Bytes of randomness in a session id: who does not know an id cannot guess it. */
export const SESSION_ID_RANDOM_BYTES = 16;

const pattern = /^([a-z0-9]{1,32})-[A-Za-z0-9_-]{22}$/;

/**
 * Makes the id of a session: `<peerId>-<random>`, so that whoever holds the id knows which media peer to ask.
 *
 * @param random 16 random bytes, written as base64url (RFC 4648, section 5)
 */
export function formatSessionId(peerId: string, random: Uint8Array): string {
  return `${peerId}-${Buffer.from(random).toString('base64url')}`;
}

/** The media peer that a session id names, or undefined when it is not the id of any session. */
export function peerOfSessionId(sessionId: string): string | undefined {
  return pattern.exec(sessionId)?.[1];
}
