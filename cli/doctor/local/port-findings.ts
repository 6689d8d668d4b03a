import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';
import { hasRelay } from '../../../peer/transport/ice-settings.ts';
import { iceServers } from '../../../signaling/ice-servers.ts';
import { localUrl } from '../../../signaling/loopback.ts';
import { codeOf, type Findings, failed, ok, reasonOf, warning } from '../finding.ts';
import { withPort } from '../ice/address-kind.ts';
import { isSightline } from '../server/http.ts';
import type { Settings } from './settings.ts';

/** Ports that are tried at most; of a wider range the first. */
const MAX_PORTS_TRIED = 1024;
const LOOPBACK_LIMIT_MS = 2000;

/** Whether the server can listen where it is told to. */
export async function* httpPortFindings({ signaling: { host, port } }: Settings): Findings {
  const at = withPort(host, port);
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    yield ok('http-port', port === 0 ? `Any free port of ${host} is taken` : `${at} is free`);
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE')
      yield failed('http-port', 'port-unusable', `${at} cannot be listened at: ${reasonOf(error)}`);
    else if (await isSightline(new URL(`${localUrl(host, port)}/`)))
      yield ok('http-port', `A Sightline is running at ${at}`);
    else yield failed('http-port', 'port-taken', `Another program listens at ${at}`);
  }
}

/** Whether the ports of media are free and enough. */
export async function* mediaPortFindings(settings: Settings): Findings {
  const { addresses, ports: configured } = settings.peer.ice;
  if (configured === undefined) {
    yield ok('media-ports', 'Each call takes any free UDP ports');
    return;
  }
  const [first, last] = configured.range;
  const ports = Array.from({ length: Math.min(last - first + 1, MAX_PORTS_TRIED) }, (_, n) => first + n);
  const taken: string[] = [];
  for (const address of addresses) {
    for (const port of ports) if (!(await canBind(port, address))) taken.push(withPort(address, port));
  }
  if (taken.length > 0) {
    const some = taken.slice(0, 5).join(', ') + (taken.length > 5 ? ', …' : '');
    yield warning(
      'media-ports',
      'media-ports-taken',
      `${taken.length} of ${ports.length * addresses.length} UDP ports in ${first}-${last} are taken or closed to this user: ${some}`,
    );
  } else yield ok('media-ports', `UDP ports ${first}-${last} are free`);
  yield* enoughPorts(settings, last - first + 1);
}

/** Each session of each media peer takes a port for each address, and one for a relay. */
async function* enoughPorts({ signaling, peer }: Settings, count: number): Findings {
  const { localPeers, maxSessions, ice } = signaling;
  const relayed = ice.forPeers && hasRelay({ ...peer.ice, servers: iceServers(ice, Date.now()) });
  const needed = localPeers * maxSessions * (peer.ice.addresses.length + (relayed ? 1 : 0));
  if (needed <= count) return;
  const words = `${localPeers * maxSessions} calls take ${needed} ports, and SIGHTLINE_MEDIA_PORTS has ${count}`;
  yield warning('media-ports', 'media-ports-few', words);
}

/** Whether packets pass from one socket of this machine to another. */
export async function* udpLoopbackFindings(): Findings {
  const address = '127.0.0.1';
  const [sender, receiver] = [createSocket('udp4'), createSocket('udp4')];
  try {
    receiver.bind(0, address);
    await once(receiver, 'listening');
    const arrived = once(receiver, 'message', { signal: AbortSignal.timeout(LOOPBACK_LIMIT_MS) });
    sender.send('ping', receiver.address().port, address, (error) => error && receiver.emit('error', error));
    await arrived;
    yield ok('udp', 'UDP packets pass on this machine');
  } catch (error) {
    yield failed(
      'udp',
      'udp-loopback-blocked',
      `A UDP packet to ${address} did not arrive: ${reasonOf(error)}`,
    );
  } finally {
    sender.close();
    receiver.close();
  }
}

async function canBind(port: number, address: string): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
