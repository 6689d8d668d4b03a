import { SightlineError } from '../../protocol/errors.ts';
import type { ModelSummary } from '../../protocol/models.ts';

/** What the choice looks at in a registered media peer. */
export interface PeerPlace {
  readonly peerId: string;
  readonly models: readonly Pick<ModelSummary, 'id' | 'available' | 'loaded' | 'default'>[];
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
/** Weights come by somebody's hand, and media peers look for them when they start. */
const MODEL_RETRY_SECONDS = 60;

/**
 * Chooses the media peer for a call: of those that can use the model and have a place free, the least full; of equally
 * full ones one that has the model loaded.
 *
 * @param model catalogue id, or undefined for the default model of the peer, which has to be loaded
 * @throws {SightlineError} `no-peer`, `model-unknown`, `model-unavailable`, or `sessions-exhausted`
 */
export function choosePeer<P extends PeerPlace>(peers: readonly P[], model: string | undefined): P {
  const able = peers.filter((peer) => canUse(peer, model));
  if (able.length === 0) throw unable(peers, model);
  const free = able.filter((peer) => peer.taken < peer.maxSessions);
  const [first, ...rest] = free;
  if (first === undefined) throw exhausted(able);
  return rest.reduce((best, peer) => (isBetter(peer, best, model) ? peer : best), first);
}

function canUse({ models }: PeerPlace, id: string | undefined): boolean {
  return models.some((model) =>
    id === undefined ? model.default && model.loaded : model.id === id && model.available,
  );
}

function isBetter(a: PeerPlace, b: PeerPlace, model: string | undefined): boolean {
  const fuller = a.taken / a.maxSessions - b.taken / b.maxSessions;
  if (fuller !== 0) return fuller < 0;
  const [aLoaded, bLoaded] = [hasLoaded(a, model), hasLoaded(b, model)];
  return aLoaded === bLoaded ? a.cpu < b.cpu : aLoaded;
}

function hasLoaded({ models }: PeerPlace, id: string | undefined): boolean {
  return id === undefined || models.some((model) => model.id === id && model.loaded);
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
  return notUsable(
    peers.flatMap(({ models }) => models),
    model,
  );
}

/** Of a model that no media peer can use. */
function notUsable(models: PeerPlace['models'], model: string): SightlineError {
  const usable = new Set(models.filter(({ available }) => available).map(({ id }) => id));
  const named = JSON.stringify(model);
  const expected = `expected one of ${[...usable].sort().join(', ')}`;
  if (models.some(({ id }) => id === model)) {
    return new SightlineError(
      'model-unavailable',
      `Cannot use the model ${named}: ${expected}, found one whose weights no media peer has`,
      { retryAfterSeconds: MODEL_RETRY_SECONDS },
    );
  }
  return new SightlineError('model-unknown', `Cannot use the model ${named}: ${expected}`);
}

function exhausted(able: readonly PeerPlace[]): SightlineError {
  const places = able.reduce((sum, peer) => sum + peer.maxSessions, 0);
  return new SightlineError(
    'sessions-exhausted',
    `Cannot open another session: expected a free place, found all ${places} taken`,
    { retryAfterSeconds: FULL_RETRY_SECONDS },
  );
}
