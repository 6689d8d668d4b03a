import { looksWrong, type Signs, type Verdict, verdict } from './judge.ts';
import type { SessionStanding } from './server.ts';
import { Stall } from './stall.ts';
import { takeSample } from './take-sample.ts';

/** Milliseconds between two looks. */
const EVERY_MS = 1_000;

/** What is watched, and who is told. */
interface Watched {
  pc: RTCPeerConnection;
  channel: RTCDataChannel;
  /** Whether video is to come back; where it is not, its absence tells nothing. */
  expectsVideo: () => boolean;
  /** Asks how the server holds the session. */
  ask: () => Promise<SessionStanding>;
  /** Called once at most, and never after `close()`. */
  ended: (verdict: Verdict) => void;
}

/** Looks at a connection once a second, asks the server when something is wrong, and tells what ended the call. */
export class MediaWatch {
  readonly #pc: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #expectsVideo: () => boolean;
  readonly #ask: () => Promise<SessionStanding>;
  readonly #ended: (verdict: Verdict) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #stall = new Stall();
  readonly #startedAt = performance.now();
  #stood = false;
  #looking = false;
  #closed = false;

  constructor({ pc, channel, expectsVideo, ask, ended }: Watched) {
    this.#pc = pc;
    this.#channel = channel;
    this.#expectsVideo = expectsVideo;
    this.#ask = ask;
    this.#ended = ended;
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const signs = await this.#signs();
    const found = looksWrong(signs) ? verdict(signs, await this.#ask()) : null;
    this.#looking = false;
    if (!found || this.#closed) return;
    this.close();
    this.#ended(found);
  }

  async #signs(): Promise<Signs> {
    const sample = await takeSample(this.#pc);
    const connection = this.#pc.connectionState;
    this.#stood ||= connection === 'connected';
    return {
      connection,
      channelClosed: this.#channel.readyState === 'closed',
      connectingMs: this.#stood ? 0 : sample.atMs - this.#startedAt,
      stalledMs: this.#stall.push(
        { packetsIn: sample.in.packets, packetsOut: this.#expectsVideo() ? sample.out.packets : 0 },
        sample.atMs,
      ),
    };
  }
}
