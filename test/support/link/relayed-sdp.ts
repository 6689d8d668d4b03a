import type { Endpoint } from './commands.ts';

/** RFC 8839, section 5.1: foundation, component, transport, priority, address, port, the rest. */
const CANDIDATE = /^(a=candidate:\S+ \d+ )(\S+)( \d+ )(\S+) (\d+)(.*)$/;

/** The SDP without the addresses of who wrote it: the other side learns them from the packets that come. */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=candidate:.*\r?\n?/gm, '');
}

/**
 * The SDP with each UDP candidate on IPv4 replaced by the port of a relay to it, and without any other.
 * @param relayTo asked once for every address and port
 */
export async function withRelays(
  sdp: string,
  relayTo: (target: Endpoint) => Promise<Endpoint>,
): Promise<string> {
  const relays = new Map<string, Endpoint>();
  const lines: string[] = [];
  for (const line of sdp.split('\r\n')) {
    if (!line.startsWith('a=candidate:')) {
      lines.push(line);
      continue;
    }
    const [, before = '', transport = '', priority = '', address = '', port = '', after = ''] =
      CANDIDATE.exec(line) ?? [];
    if (transport.toLowerCase() !== 'udp' || !/^\d+(\.\d+){3}$/.test(address)) continue;
    const key = `${address}:${port}`;
    const relay = relays.get(key) ?? (await relayTo({ address, port: Number(port) }));
    relays.set(key, relay);
    lines.push(`${before}${transport}${priority}${relay.address} ${relay.port}${after}`);
  }
  return lines.join('\r\n');
}
