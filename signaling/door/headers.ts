import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** Headers that are for the next hop alone (RFC 9110, section 7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** The key is for signaling, the host and 100-continue were dealt with here. */
const NOT_FOR_PEERS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'expect', 'host']);

/** Headers of an answer that are passed on. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name)),
  );
}

/** Headers of a request that a media peer is given, with the token of its door in place of the key. */
export function forPeer(headers: IncomingHttpHeaders, token: string): OutgoingHttpHeaders {
  const passed = Object.entries(endToEnd(headers)).filter(([name]) => !NOT_FOR_PEERS.has(name));
  return { ...Object.fromEntries(passed), authorization: `Bearer ${token}` };
}

/**
 * The address at a door, without the key, which browsers put there where they can send no header.
 *
 * The path is set, not resolved: one that begins with `//`, which `/x/..//host` does once it is tidied up, would name
 * another host, and that would be shown the token.
 */
export function targetOf(url: string, door: string): URL {
  const asked = new URL(url, 'http://signaling');
  asked.searchParams.delete('key');
  const target = new URL(door);
  target.pathname = asked.pathname;
  target.search = asked.search;
  return target;
}
