import { SightlineError } from '../protocol/errors.ts';
import { readConfig } from './config.ts';
import type { ConnectedPeer } from './peers/connected-peer.ts';
import { type Signaling, type SignalingOptions, startSignaling } from './server.ts';

/** Closing takes no longer than this; what hangs then ends with the process. */
const CLOSE_LIMIT_MS = 8_000;
/**
 * One Ctrl-C may come several times, from the terminal and from each program above us that hands it on, all within
 * moments. A SIGINT later than this after the first signal is a second Ctrl-C.
 */
const SAME_INTERRUPT_MS = 1_000;
/** What shells say of a program that SIGINT ended: 128 and the number of the signal. */
const EXIT_INTERRUPTED = 130;

/**
 * Runs signaling as the whole of this process: reads the environment, says on standard output where it listens and when
 * calls are taken, and ends the process on SIGINT and SIGTERM (status 0) or when it cannot start (status 1). A second
 * Ctrl-C ends it at once (status 130).
 */
export async function serve(options: Pick<SignalingOptions, 'peerEntry'> = {}): Promise<void> {
  let signaling: Signaling | undefined;
  let stopping = false;
  const stop = async (reason: string, status: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(status), CLOSE_LIMIT_MS).unref();
    await signaling?.close(reason);
    process.exit(status);
  };
  onEndingSignal((name) => void stop(name, 0));
  try {
    const config = readConfig();
    signaling = await startSignaling(config, {
      ...options,
      onPeerRegistered: once(sayReady),
      onPeersFailed: (messages) => {
        complain(`no media peer can start\n  ${messages.join('\n  ')}`);
        void stop('no media peer can start', 1);
      },
    });
    say(`Sightline is listening on ${signaling.url}`);
    if (config.localPeers === 0) say('Waiting for a media peer to register');
  } catch (error) {
    complain(error instanceof SightlineError ? `${error.code}: ${error.message}` : String(error));
    await stop('cannot start', 1);
  }
}

/** Tells of SIGINT and SIGTERM, and heeds impatience. */
function onEndingSignal(end: (name: string) => void): void {
  let firstAt: number | undefined;
  const handle = (name: string) => {
    firstAt ??= performance.now();
    if (name === 'SIGINT' && performance.now() - firstAt > SAME_INTERRUPT_MS) process.exit(EXIT_INTERRUPTED);
    end(name);
  };
  process.on('SIGINT', handle).on('SIGTERM', handle);
}

function sayReady({ registration }: ConnectedPeer): void {
  const models = registration?.models.filter(({ loaded }) => loaded).map(({ id }) => id) ?? [];
  say('Ready for calls');
  say(
    `Media peer: ${registration?.codec}, up to ${registration?.maxSessions} sessions, model ${models.join(', ')}`,
  );
}

function once<T>(handle: (value: T) => void): (value: T) => void {
  let done = false;
  return (value) => {
    if (done) return;
    done = true;
    handle(value);
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(message: string): void {
  process.stderr.write(`Sightline cannot start: ${message}\n`);
}
