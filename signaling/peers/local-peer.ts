import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ignoreAbort } from '../at-most.ts';
import type { Log } from '../log.ts';

/** Exit status of a start-up error that a restart cannot mend (EX_CONFIG of sysexits.h). */
const EXIT_CONFIG = 78;
const STDERR_TAIL_CHARACTERS = 4096;
const STDERR_DRAIN_MS = 500;

/** Times between the end of a process and the start of the next. Each failure doubles the time. */
export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A process that lived this long counts as a success. */
  readonly stableMs: number;
}

export interface LocalPeerOptions {
  readonly peerId: string;
  /** Path of the program, run by the Node.js of this process. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly backOff: BackOff;
  /** From asking a process to end (SIGTERM) to ending it (SIGKILL). */
  readonly killAfterMs: number;
  readonly log: Log;
  /** Told when the process ended with a start-up error; it is not replaced then. */
  readonly onFailed: (message: string) => void;
}

/**
 * One place for a media peer on this machine: runs its process, and replaces it when it dies. The process has an IPC
 * channel, whose end tells it that signaling is gone.
 */
export class LocalPeer {
  readonly #options: LocalPeerOptions;
  readonly #closed = new AbortController();
  readonly #done: Promise<void>;
  #child: ChildProcess | undefined;

  constructor(options: LocalPeerOptions) {
    this.#options = options;
    this.#done = this.#keepRunning();
  }

  /** Ends the process and resolves once it has ended. Does nothing more the second time. */
  close(): Promise<void> {
    if (!this.#closed.signal.aborted) {
      this.#closed.abort();
      this.#child?.kill('SIGTERM');
      const child = this.#child;
      const killer = setTimeout(() => child?.kill('SIGKILL'), this.#options.killAfterMs);
      void this.#done.then(() => clearTimeout(killer));
    }
    return this.#done;
  }

  async #keepRunning(): Promise<void> {
    const { backOff, log, onFailed, peerId } = this.#options;
    const { signal } = this.#closed;
    for (let waitMs = backOff.firstMs; !signal.aborted; waitMs = Math.min(waitMs * 2, backOff.maxMs)) {
      const startedAt = performance.now();
      const { status, message } = await this.#run();
      if (signal.aborted) return;
      if (status === EXIT_CONFIG) {
        log.error({ peerId, message }, 'media peer cannot start');
        return onFailed(message);
      }
      if (performance.now() - startedAt >= backOff.stableMs) waitMs = backOff.firstMs;
      log.warn({ peerId, status, message, waitMs }, 'media peer ended and is being replaced');
      await delay(waitMs, undefined, { signal }).catch(ignoreAbort);
    }
  }

  /** Runs one process to its end. */
  async #run(): Promise<{ status: number | string | null; message: string }> {
    const { entry, environment, log, peerId } = this.#options;
    const child = spawn(process.execPath, [entry], {
      env: environment,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    child.on('error', (error) => log.debug({ err: error, peerId }, 'media peer process reported an error'));
    this.#child = child;
    const tail = keepTail(child);
    try {
      const [status, signalName] = await once(child, 'exit');
      await Promise.race([once(child, 'close'), delay(STDERR_DRAIN_MS, undefined, { ref: false })]);
      return { status: status ?? signalName, message: tail() };
    } catch (error) {
      // Only `error` of the child rejects: there was no process at all
      return { status: null, message: String(error) };
    }
  }
}

/** Passes standard error on to ours as it comes, and returns a reader of its last line that is not blank. */
function keepTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    process.stderr.write(text);
    tail = (tail + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  return () =>
    tail
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? '';
}
