import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { IceUrl } from './ice-url.ts';

/** A way to one STUN or TURN server. */
export interface StunLink {
  /** Whether what is sent arrives or the link breaks: nothing needs to be sent again (RFC 8489, section 6.2.2). */
  readonly reliable: boolean;
  send(message: Uint8Array): void;
  /** Told of each message; of why there will be no more. */
  listen(onMessage: (message: Buffer) => void, onEnd: (error: Error) => void): void;
  close(): void;
}

const HEADER_BYTES = 20;

/**
 * Connects to the server.
 * @throws the system's error where it cannot be reached; the signal's reason
 */
export async function openStunLink(url: IceUrl, signal: AbortSignal): Promise<StunLink> {
  return url.transport === 'udp' ? openUdp(url, signal) : openStream(url, signal);
}

/** A connected socket, so that the refusal of a closed port (ICMP) comes back as an error. */
async function openUdp({ host, port }: IceUrl, signal: AbortSignal): Promise<StunLink> {
  const { address } = await Promise.race([lookup(host), rejectedBy(signal)]);
  const socket: UdpSocket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    socket.connect(port, address);
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.close();
    throw error;
  }
  return {
    reliable: false,
    send: (message) => socket.send(message),
    listen: (onMessage, onEnd) => socket.on('message', onMessage).on('error', onEnd),
    close: () => socket.close(),
  };
}

async function openStream({ host, port, transport }: IceUrl, signal: AbortSignal): Promise<StunLink> {
  const socket: Socket =
    transport === 'tls'
      ? connectTls({ host, port, ...(isName(host) && { servername: host }) })
      : connectTcp({ host, port });
  try {
    await once(socket, transport === 'tls' ? 'secureConnect' : 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    reliable: true,
    send: (message) => void socket.write(message),
    listen: (onMessage, onEnd) => {
      let rest = Buffer.alloc(0);
      socket.on('data', (data: Buffer) => {
        rest = takeMessages(Buffer.concat([rest, data]), onMessage);
      });
      socket.on('error', onEnd).on('close', () => onEnd(new Error('The server closed the connection')));
    },
    close: () => socket.destroy(),
  };
}

/** A message says how long it is (RFC 8489, section 5). @returns what is left of the bytes */
function takeMessages(bytes: Buffer, onMessage: (message: Buffer) => void): Buffer<ArrayBuffer> {
  let rest = Buffer.from(bytes);
  while (rest.length >= HEADER_BYTES) {
    const length = HEADER_BYTES + rest.readUInt16BE(2);
    if (rest.length < length) break;
    onMessage(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return rest;
}

/** A look-up cannot be called off, but need not be waited for. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

function isName(host: string): boolean {
  return !/^[\d.]+$/.test(host) && !host.includes(':');
}
