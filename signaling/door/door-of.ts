import { SightlineError } from '../../protocol/errors.ts';
import type { DoorAddress } from '../../protocol/peers.ts';
import type { ConnectedPeer } from '../peers/connected-peer.ts';

/**
 * Where a media peer serves HTTP.
 * @throws {SightlineError} `no-peer` where it has no door
 */
export function doorOf({ registration, peerId }: ConnectedPeer): DoorAddress {
  const door = registration?.door;
  if (door !== undefined) return door;
  throw new SightlineError(
    'no-peer',
    `Cannot pass the request on: expected a media peer that serves HTTP, found ${peerId}, which does not`,
  );
}
