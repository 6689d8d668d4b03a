import { eventually } from './eventually.ts';
import type { PeerHealth, Sightline } from './sightline.ts';

/** Longer than media peers take between two reports of their load. */
const REPORT_MS = 1100;

/** The only media peer, once it holds nothing of any session and two reports in a row tell of as many handles. */
export async function idlePeer(sightline: Sightline): Promise<PeerHealth> {
  let last: PeerHealth | undefined;
  const ask = async () => {
    const before = last;
    [last] = await sightline.peers();
    return { before, now: last };
  };
  const { now } = await eventually(
    ask,
    ({ before, now: peer }) =>
      peer !== undefined && peer.sessions === 0 && peer.natives === 0 && peer.handles === before?.handles,
    { intervalMs: REPORT_MS },
  );
  if (now === undefined) throw new Error('Expected a media peer');
  return now;
}
