import { SightlineError } from '../../protocol/errors.ts';
import type { ModelSummary } from '../../protocol/models.ts';

/** What the choice looks at in a registered media peer. */
export interface PeerPlace {
  readonly peerId: string;
  readonly models: readonly Pick<ModelSummary, 'id' | 'loaded' | 'default'>[];
  /** Sessions that exist, and those that are being opened. */
  readonly taken: number;
  readonly maxSessions: number;
  /** Share of one core; decides between equally full peers. */
  readonly cpu: number;
}

/** Sessions last minutes; asking again every few seconds costs nobody anything. */
const FULL_RETRY_SECONDS = 5;
/** A media peer that starts or is being replaced is back within moments. */
const NO_PEER_RETRY_SECONDS = 1;

/**
 * Chooses the media peer for a call: of those that have the model loaded and a place free, the least full.
 *
 * @param model catalogue id, or undefined for the default model of the peer
 * @throws {SightlineError} `no-peer`, `model-unknown`, or `sessions-exhausted`
 */
export function choosePeer<P extends PeerPlace>(peers: readonly P[], model: string | undefined): P {
  const able = peers.filter((peer) => hasModel(peer, model));
  if (able.length === 0) throw unable(peers, model);
  const free = able.filter((peer) => peer.taken < peer.maxSessions);
  const [first, ...rest] = free;
  if (first === undefined) throw exhausted(able);
  return rest.reduce((best, peer) => (isLessLoaded(peer, best) ? peer : best), first);
}

function hasModel(peer: PeerPlace, id: string | undefined): boolean {
  return peer.models.some((model) => model.loaded && (id === undefined ? model.default : model.id === id));
}

function isLessLoaded(a: PeerPlace, b: PeerPlace): boolean {
  const difference = a.taken / a.maxSessions - b.taken / b.maxSessions;
  return difference === 0 ? a.cpu < b.cpu : difference < 0;
}

function unable(peers: readonly PeerPlace[], model: string | undefined): SightlineError {
  if (peers.length === 0 || model === undefined) {
    return new SightlineError(
      'no-peer',
      'Cannot take the call: expected a media peer with its default model loaded, ' +
        `found ${peers.length === 0 ? 'no media peer' : `${peers.length} without one`}`,
      { retryAfterSeconds: NO_PEER_RETRY_SECONDS },
    );
  }
  const known = new Set(
    peers.flatMap((peer) => peer.models.filter(({ loaded }) => loaded).map(({ id }) => id)),
  );
  return new SightlineError(
    'model-unknown',
    `Cannot use the model ${JSON.stringify(model)}: expected one of ${[...known].sort().join(', ')}`,
  );
}

function exhausted(able: readonly PeerPlace[]): SightlineError {
  const places = able.reduce((sum, peer) => sum + peer.maxSessions, 0);
  return new SightlineError(
    'sessions-exhausted',
    `Cannot open another session: expected a free place, found all ${places} taken`,
    { retryAfterSeconds: FULL_RETRY_SECONDS },
  );
}
