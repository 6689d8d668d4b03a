import type { ControlNotice, ControlReply } from '../../protocol/control.ts';
import type { CurrentSettings, LiveSettings } from '../../protocol/session.ts';
import type { CallError } from './call-error.ts';
import { callOver, refusedSettings, settingsTimeout } from './settings-words.ts';

/** Milliseconds until a change that is not answered is given up: a model may have to be loaded first. */
const TIMEOUT_MS = 20_000;
/** Changes that may wait for their answers; more are refused. */
const MAX_WAITING = 32;

/** What is used of an RTCDataChannel. */
export type ControlChannel = Pick<
  RTCDataChannel,
  'readyState' | 'send' | 'close' | 'addEventListener' | 'removeEventListener'
>;

interface Waiting {
  /** Until the channel is open. */
  message: string | null;
  resolve: (settings: CurrentSettings) => void;
  reject: (error: CallError) => void;
  timer: ReturnType<typeof setTimeout>;
}

/** Changes the settings of a session over its `control` channel; each change gets its own answer. */
export class ControlLink {
  readonly #channel: ControlChannel;
  readonly #timeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listening = new AbortController();
  #noticed: (notice: ControlNotice) => void = () => undefined;
  #id = 0;

  constructor(channel: ControlChannel, timeoutMs = TIMEOUT_MS) {
    this.#channel = channel;
    this.#timeoutMs = timeoutMs;
    const { signal } = this.#listening;
    channel.addEventListener('open', () => this.#flush(), { signal });
    channel.addEventListener('close', () => this.close(), { signal });
    channel.addEventListener('message', ({ data }) => this.#onMessage(data), { signal });
  }

  /** Tells of each notice of the server from now on; one listener. */
  onNotice(noticed: (notice: ControlNotice) => void): void {
    this.#noticed = noticed;
  }

  /**
   * Sends a change, once the channel is open.
   * @returns the settings as they are from then on
   * @throws CallError of the server's code; `settings-timeout` where no answer comes; `call-over`
   */
  configure(changes: LiveSettings): Promise<CurrentSettings> {
    const { readyState } = this.#channel;
    if (this.#listening.signal.aborted || readyState === 'closed' || readyState === 'closing') {
      return Promise.reject(callOver());
    }
    if (this.#waiting.size >= MAX_WAITING) return Promise.reject(settingsTimeout());
    this.#id += 1;
    const id = this.#id;
    const answered = new Promise<CurrentSettings>((resolve, reject) => {
      const message = JSON.stringify({ ...changes, type: 'configure', id });
      const timer = setTimeout(() => this.#take(id)?.reject(settingsTimeout()), this.#timeoutMs);
      this.#waiting.set(id, { message, resolve, reject, timer });
    });
    if (readyState === 'open') this.#flush();
    return answered;
  }

  /** Idempotent; changes that wait for an answer are rejected. */
  close(): void {
    this.#listening.abort();
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(callOver());
    this.#channel.close();
  }

  #flush(): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.message !== null) this.#channel.send(waiting.message);
      waiting.message = null;
    }
  }

  #onMessage(data: unknown): void {
    const message = readMessage(data);
    if (message?.type === 'notice') this.#noticed(message);
    else if (message) this.#settle(message);
  }

  #settle(reply: ControlReply): void {
    const waiting = typeof reply.id === 'number' ? this.#take(reply.id) : undefined;
    if (!waiting) return;
    if (reply.type === 'error') waiting.reject(refusedSettings(reply.code, reply.detail));
    else waiting.resolve(settingsOf(reply));
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}

function settingsOf({
  type: _,
  id: __,
  ...settings
}: Extract<ControlReply, { type: 'configured' }>): CurrentSettings {
  return settings;
}

/** Null for anything else, so that newer servers may say more on this channel. */
function readMessage(data: unknown): ControlReply | ControlNotice | null {
  try {
    const message = JSON.parse(String(data)) as ControlReply | ControlNotice | null;
    return message && ['configured', 'error', 'notice'].includes(message.type) ? message : null;
  } catch {
    return null;
  }
}
