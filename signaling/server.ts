import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Server as SocketServer } from 'socket.io';
import { CALLS_NAMESPACE } from '../protocol/ice.ts';
import { PEERS_NAMESPACE } from '../protocol/peers.ts';
import { createApp } from './app.ts';
import { atMost } from './at-most.ts';
import { serveCalls } from './calls-namespace.ts';
import type { SignalingConfig } from './config.ts';
import { Upgrades } from './door/upgrades.ts';
import { HttpServer } from './http-server.ts';
import { iceServers } from './ice-servers.ts';
import { createLog, type Log } from './log.ts';
import { localUrl } from './loopback.ts';
import type { ConnectedPeer } from './peers/connected-peer.ts';
import type { BackOff } from './peers/local-peer.ts';
import { LocalPeers } from './peers/local-peers.ts';
import { PeerHub } from './peers/peer-hub.ts';

/** An answer with its SDP takes some ten kilobytes, an offer at most 256 kB. */
const MESSAGE_LIMIT_BYTES = 1_000_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const SESSIONS_CLOSE_LIMIT_MS = 2_000;

export interface SignalingOptions {
  /** Program of a local media peer. */
  readonly peerEntry?: string;
  /** Where the built client page lies. */
  readonly clientDirectory?: string;
  readonly peerBackOff?: BackOff;
  /** From asking a local media peer to end to killing it, milliseconds. */
  readonly peerKillAfterMs?: number;
  /** Told each time a media peer becomes able to take calls. */
  readonly onPeerRegistered?: (peer: ConnectedPeer) => void;
  /** Told when every local media peer ended with a start-up error: none will ever take a call. */
  readonly onPeersFailed?: (messages: readonly string[]) => void;
}

/** A signaling server that listens. */
export interface Signaling {
  /** Under which this machine reaches it. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, closes the sessions and ends the local media peers. The first call counts. */
  close(reason: string): Promise<void>;
}

/**
 * Starts signaling: listens, then starts the local media peers.
 *
 * @throws {SightlineError} `address-in-use`, or `config-invalid` when the address cannot be listened on for another
 * reason
 */
export async function startSignaling(
  config: SignalingConfig,
  options: SignalingOptions = {},
): Promise<Signaling> {
  const log = createLog(config.logLevel);
  const token = config.peerToken ?? randomBytes(32).toString('base64url');
  const sockets = createSocketServer();
  const hub = createHub(sockets, token, config, options, log);
  serveCalls(sockets.of(CALLS_NAMESPACE), hub, config.key);
  const clientDirectory = options.clientDirectory ?? pathOf('../client/dist');
  const http = new HttpServer(createApp({ config, hub, log, clientDirectory }).callback());
  // Once the app listens for requests: socket.io keeps its own requests from the listeners that it finds
  sockets.attach(http.server);
  const upgrades = new Upgrades(http.server, `${sockets.path()}/`, {
    ...config,
    key: config.key,
    choose: (target) => (target.pathname === '/ws/frames' ? peerForFrames(hub, target) : undefined),
    log,
  });

  const port = await http.listen(config.host, config.port);
  const url = localUrl(config.host, port);
  const localPeers = startLocalPeers(url, token, config, options, log);

  let closing: Promise<void> | undefined;
  const close = async (reason: string) => {
    log.info({ reason }, 'signaling closes');
    http.stopListening();
    await Promise.all([atMost(SESSIONS_CLOSE_LIMIT_MS, hub.close()), localPeers.close()]);
    upgrades.close();
    await Promise.all([sockets.close(), http.close()]);
  };
  return {
    url,
    port,
    close: (reason) => {
      closing ??= close(reason);
      return closing;
    },
  };
}

/** Who watches a session goes to where it lives, and who sends frames to where there is a place for one more. */
function peerForFrames(hub: PeerHub, { searchParams }: URL): ConnectedPeer {
  const sessionId = searchParams.get('session');
  return sessionId === null ? hub.choose(searchParams.get('model') ?? undefined) : hub.peerOf(sessionId);
}

/** The socket.io server of media peers and of calls: who belongs to neither does not get in. */
function createSocketServer(): SocketServer {
  const sockets = new SocketServer({
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: MESSAGE_LIMIT_BYTES,
    connectTimeout: HANDSHAKE_TIMEOUT_MS,
    // Other WebSockets are no strangers
    destroyUpgrade: false,
  });
  const refusal = `Cannot connect: expected the namespace ${PEERS_NAMESPACE} or ${CALLS_NAMESPACE}`;
  return sockets.use((_socket, next) => next(new Error(refusal)));
}

function createHub(
  sockets: SocketServer,
  token: string,
  { offerTimeoutMs, ice }: SignalingConfig,
  { onPeerRegistered }: SignalingOptions,
  log: Log,
): PeerHub {
  return new PeerHub(sockets.of(PEERS_NAMESPACE), {
    token,
    callTimeoutMs: offerTimeoutMs,
    iceServers: ice.forPeers ? () => iceServers(ice, Date.now()) : undefined,
    log,
    onRegistered: (peer) => {
      log.info({ peerId: peer.peerId }, 'media peer registered');
      onPeerRegistered?.(peer);
    },
  });
}

function startLocalPeers(
  signalingUrl: string,
  token: string,
  { localPeers: count, maxSessions, peerEnvironment: environment }: SignalingConfig,
  { peerEntry, peerBackOff: backOff, peerKillAfterMs: killAfterMs, onPeersFailed }: SignalingOptions,
  log: Log,
): LocalPeers {
  return new LocalPeers({
    count,
    entry: peerEntry ?? pathOf('../peer/main.ts'),
    signalingUrl,
    token,
    maxSessions,
    environment,
    log,
    backOff,
    killAfterMs,
    onFailed: (messages) => onPeersFailed?.(messages),
  });
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
