import { randomBytes } from 'node:crypto';
import type { Log } from '../log.ts';
import { type BackOff, LocalPeer } from './local-peer.ts';
import { portSlice } from './port-slice.ts';

const defaultBackOff: BackOff = { firstMs: 200, maxMs: 10_000, stableMs: 30_000 };
const KILL_AFTER_MS = 5_000;
/**
 * glibc gives each thread a heap of its own, and what one thread frees another cannot use: with codecs on a thread pool
 * that looks like a leak. Two heaps keep resident memory flat over hundreds of sessions (docs/adr/0006).
 */
const MALLOC_ARENAS = 2;
/** Threads of libuv's pool that decode and encode: its default. Each source of the network holds one more while it waits. */
const WORKING_THREADS = 4;

export interface LocalPeersOptions {
  readonly count: number;
  /** Path of the program of a media peer. */
  readonly entry: string;
  /** Where signaling listens. */
  readonly signalingUrl: string;
  readonly token: string;
  readonly maxSessions: number;
  /** What the processes inherit beside the variables made of these options. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly backOff?: BackOff | undefined;
  /** From asking a process to end to killing it. */
  readonly killAfterMs?: number | undefined;
  /** Told once every process has ended with a start-up error; the messages, each once. */
  readonly onFailed: (messages: readonly string[]) => void;
}

/** The media peers on this machine, each a process of its own. */
export class LocalPeers {
  readonly #peers: readonly LocalPeer[];
  readonly #failures: string[] = [];

  constructor(options: LocalPeersOptions) {
    // Distinct among all machines that share signaling, and the same for a process and those that replace it
    const prefix = `p${randomBytes(4).toString('hex')}`;
    this.#peers = Array.from({ length: options.count }, (_, index) =>
      this.#start(options, `${prefix}n${index + 1}`, index),
    );
  }

  /** Ends every process; resolves once all have ended. */
  async close(): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.close()));
  }

  #start(options: LocalPeersOptions, peerId: string, index: number): LocalPeer {
    const { signalingUrl, token, maxSessions, environment } = options;
    const ports = environment['SIGHTLINE_MEDIA_PORTS'];
    return new LocalPeer({
      peerId,
      entry: options.entry,
      environment: {
        MALLOC_ARENA_MAX: String(MALLOC_ARENAS),
        UV_THREADPOOL_SIZE: String(maxSessions + WORKING_THREADS),
        ...environment,
        // One port cannot be that of several doors
        ...(options.count > 1 && { SIGHTLINE_DOOR_PORT: '0', SIGHTLINE_DOOR_URL: undefined }),
        ...(ports !== undefined && { SIGHTLINE_MEDIA_PORTS: portSlice(ports, index, options.count) }),
        SIGHTLINE_SIGNALING_URL: signalingUrl,
        SIGHTLINE_PEER_TOKEN: token,
        SIGHTLINE_PEER_ID: peerId,
        SIGHTLINE_MAX_SESSIONS: String(maxSessions),
      },
      backOff: options.backOff ?? defaultBackOff,
      killAfterMs: options.killAfterMs ?? KILL_AFTER_MS,
      log: options.log,
      onFailed: (message) => {
        this.#failures.push(message);
        if (this.#failures.length === options.count) options.onFailed([...new Set(this.#failures)]);
      },
    });
  }
}
