import { iceServers } from '../../../signaling/ice-servers.ts';
import { type Findings, ok, warning } from '../finding.ts';
import { addressKind } from '../ice/address-kind.ts';
import { iceServerFindings } from '../ice/ice-server-findings.ts';
import type { Settings } from './settings.ts';

const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;

/** Asks the configured STUN and TURN servers, with the credentials that callers would get. */
export async function* relayFindings({ signaling, peer }: Settings, nowMs = Date.now()): Findings {
  const servers = iceServers(signaling.ice, nowMs);
  if (servers.length === 0) {
    yield ok('turn', 'No STUN or TURN server is configured');
    return;
  }
  const seen = new Set<string>();
  yield* iceServerFindings(servers, {
    nowMs,
    lasting: iceServers(signaling.ice, nowMs + TEN_YEARS_MS),
    onWorks: (_, seenAs) => seen.add(seenAs),
  });
  const { publicAddress } = peer.ice;
  const told = [...seen].filter((address) => addressKind(address) === 'public');
  if (publicAddress === undefined || told.length === 0 || told.includes(publicAddress)) return;
  const words = `SIGHTLINE_MEDIA_PUBLIC_ADDRESS is ${publicAddress}, and this machine is seen at ${told.join(', ')}`;
  yield warning('addresses', 'public-address-differs', words);
}
