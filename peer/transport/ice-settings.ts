import { isIPv4, isIPv6 } from 'node:net';
import type { PeerConfig as LibraryConfig } from 'werift';
import type { IceServer } from '../../protocol/ice.ts';
import type { MediaPorts } from './media-ports.ts';

/** How connections reach the network. */
export interface IceSettings {
  /** The addresses that UDP sockets are bound to and that are offered as candidates. */
  readonly addresses: readonly string[];
  /** Offered in their place where a router or container host forwards to them. */
  readonly publicAddress: string | undefined;
  /** Undefined takes any free ports. */
  readonly ports: MediaPorts | undefined;
  /** Whether TCP connections are taken as well, for clients without UDP (RFC 6544). */
  readonly tcp: boolean;
  /** STUN and TURN servers that this side uses for itself. */
  readonly servers: readonly IceServer[];
}

/** How long STUN and TURN servers may take; what comes later is not waited for. */
export const GATHER_LIMIT_MS = 1000;

/** The part of the WebRTC library's configuration that is about ICE. */
export function libraryIceConfig({ addresses, tcp, servers }: IceSettings): Partial<LibraryConfig> {
  return {
    iceServers: servers.flatMap(({ urls, username, credential }) =>
      urls.map((url) => ({
        urls: url,
        ...(username !== undefined && { username }),
        ...(credential !== undefined && { credential }),
      })),
    ),
    // The library adds every interface of the machine unless both families are off.
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: [...addresses],
    iceUseTcp: tcp,
    iceStunGatherTimeout: GATHER_LIMIT_MS / 1000,
    iceTurnConnectTimeout: GATHER_LIMIT_MS / 1000,
    ...boundAddresses(addresses),
  };
}

/** The library binds to one address a family, or else to all of the machine. */
function boundAddresses(addresses: readonly string[]): Partial<LibraryConfig> {
  const [udp4, ...more4] = addresses.filter((address) => isIPv4(address));
  const [udp6, ...more6] = addresses.filter((address) => isIPv6(address));
  if (more4.length > 0 || more6.length > 0) return {};
  return { iceInterfaceAddresses: { ...(udp4 && { udp4 }), ...(udp6 && { udp6 }) } };
}

/** Whether one of the servers relays media. */
export function hasRelay({ servers }: IceSettings): boolean {
  return servers.some(({ urls }) => urls.some((url) => /^turns?:/i.test(url)));
}

/** Whether one of the servers tells addresses. */
export function hasStun({ servers }: IceSettings): boolean {
  return servers.some(({ urls }) => urls.some((url) => /^stuns?:/i.test(url)));
}
