import { networkInterfaces } from 'node:os';
import { expectBindable } from '../../../peer/transport/media-ports.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { isLoopback } from '../../../signaling/loopback.ts';
import { type Findings, failed, ok, warning } from '../finding.ts';
import { addressKind } from '../ice/address-kind.ts';
import type { Settings } from './settings.ts';

/** What callers would be told to send media to, and who can reach it. */
export async function* addressFindings({ signaling, peer }: Settings): Findings {
  const { addresses, publicAddress } = peer.ice;
  try {
    await expectBindable(addresses);
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    yield failed('addresses', 'media-address-foreign', error.message);
    return;
  }
  const kinds = addresses.map(addressKind);
  yield ok('addresses', offered(addresses, publicAddress), { addresses, ...others(addresses) });
  if (publicAddress !== undefined) {
    if (addressKind(publicAddress) === 'public') return;
    const words = `SIGHTLINE_MEDIA_PUBLIC_ADDRESS is ${publicAddress}, which the internet does not reach`;
    yield warning('addresses', 'public-address-private', words);
  } else if (kinds.every((kind) => kind === 'loopback')) {
    if (isLoopback(signaling.host)) return;
    const words = `Other machines can call ${signaling.host}, but media is taken at ${addresses.join(', ')} alone, which they do not reach`;
    yield failed('addresses', 'media-loopback-only', words);
  } else if (!kinds.includes('public')) {
    const words = `Media is taken at private addresses alone: callers beyond this network do not reach ${addresses.join(', ')}`;
    yield warning('addresses', 'public-address-missing', words);
  }
}

function offered(addresses: readonly string[], publicAddress: string | undefined): string {
  const list = addresses.map((address) => `${address} (${addressKind(address)})`).join(', ');
  const shown = publicAddress === undefined ? list : `${publicAddress}, which stands for ${list}`;
  const { unused } = others(addresses);
  return `Media is offered at ${shown}${unused.length > 0 ? `; not at ${unused.join(', ')}` : ''}`;
}

/** Addresses of this machine that others may reach, and that are not used. */
function others(addresses: readonly string[]): { unused: string[] } {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const unused = own.flatMap(({ address }) => {
    const reaches = ['private', 'public'].includes(addressKind(address));
    return reaches && !addresses.includes(address) ? [address] : [];
  });
  return { unused };
}
