import { BlockList, isIP } from 'node:net';

/** How far an address reaches: this machine, this link, this network, everywhere; or it is a name. */
export type AddressKind = 'loopback' | 'link-local' | 'private' | 'public' | 'name';

const loopback = list(['127.0.0.0/8', '::1/128']);
const linkLocal = list(['169.254.0.0/16', 'fe80::/10']);
/** RFC 1918, RFC 6598 (carrier-grade NAT) and RFC 4193. */
const privateRanges = list(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);

/** @param address with or without a zone */
export function addressKind(address: string): AddressKind {
  const [bare = ''] = address.split('%');
  const family = isIP(bare);
  if (family === 0) return 'name';
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (loopback.check(bare, type)) return 'loopback';
  if (linkLocal.check(bare, type)) return 'link-local';
  return privateRanges.check(bare, type) ? 'private' : 'public';
}

/** `address:port`, with brackets around IPv6. */
export function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function list(subnets: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const subnet of subnets) {
    const [net = '', prefix] = subnet.split('/');
    blocks.addSubnet(net, Number(prefix), net.includes(':') ? 'ipv6' : 'ipv4');
  }
  return blocks;
}
