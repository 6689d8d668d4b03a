import { BlockList, isIPv6 } from 'node:net';

/** Special-purpose addresses that are not of the public Internet (RFC 6890 and the IANA registries), as prefixes. */
const ranges: readonly (readonly [address: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // IPv4-compatible, and what a NAT64 would make of any IPv4 address
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  // Site-local addresses of old (RFC 3879)
  ['fec0::', 10],
  ['ff00::', 8],
];

const notPublic = new BlockList();
for (const [address, bits] of ranges) {
  notPublic.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Whether an address is of this machine, of a private network, or otherwise not of the public Internet. */
export function isPrivateAddress(address: string): boolean {
  // IPv4-mapped addresses are looked up by what they map; an address with a zone is one of a link.
  return address.includes('%') || notPublic.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
