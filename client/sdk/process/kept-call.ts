import type { Detections } from '../../../protocol/detections.ts';
import type { Call } from '../call.ts';
import { CallError } from '../call-error.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { Emitter } from '../emitter.ts';
import { pathError } from '../path-words.ts';
import { pauseSeconds } from './pause.ts';

/** What a kept call tells. */
export interface KeptCallEvents {
  /** A track that comes back; null when there is none any more. */
  annotated: [MediaStreamTrack | null];
  detections: [Detections];
  /** Why there is no call now. It is tried again where that can be of use. */
  problem: [CallError];
}

/** Calls, and calls again with growing pauses for as long as it takes. Nobody looks on, so it never gives up a server that may come back. */
export class KeptCall extends Emitter<KeptCallEvents> {
  readonly #options: ConnectOptions;
  readonly #closing = new AbortController();

  constructor(options: Omit<ConnectOptions, 'signal'>) {
    super();
    this.#options = { ...options, signal: this.#closing.signal };
  }

  /** Begins; the events follow. */
  start(): void {
    void this.#keepUp(this.#closing.signal);
  }

  /** Idempotent. */
  close(): void {
    this.#closing.abort(new DOMException('Closed', 'AbortError'));
  }

  async #keepUp(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const { error, stood } = await this.#oneCall(signal);
      if (signal.aborted) return;
      if (error) this.emit('problem', error);
      if (stood) attempt = 1;
      // Without an error the page was left, and has come back.
      const seconds = pauseSeconds(error, attempt, Math.random());
      if (seconds === null) return;
      await pause(seconds * 1000, signal);
    }
  }

  /** One call from offer to end. `stood` says whether it ever connected. */
  async #oneCall(signal: AbortSignal): Promise<{ error?: CallError | undefined; stood: boolean }> {
    let call: Call;
    try {
      call = await connect(this.#options);
    } catch (error) {
      return { error: signal.aborted ? undefined : toCallError(error), stood: false };
    }
    return new Promise((resolve) => {
      let stood = false;
      call.on('track', ({ track }) => this.emit('annotated', track));
      call.on('detections', (detections) => this.emit('detections', detections));
      call.on('state', ({ state }) => {
        stood ||= state === 'connected';
      });
      call.on('close', ({ error }) => {
        this.emit('annotated', null);
        resolve({ error, stood });
      });
    });
  }
}

function toCallError(error: unknown): CallError {
  return error instanceof CallError ? error : pathError('call-failed', { cause: error });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
