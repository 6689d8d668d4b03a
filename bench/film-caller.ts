import type { EncodedFrame } from '../peer/codec/encoder.ts';
import { RtcClient, type RtcClientOptions } from '../test/support/rtc-client.ts';

const FRAME_MS = 1000 / 30;
const FRAME_TICKS = 3000;

/**
 * A caller that costs next to nothing: sends a film that is encoded already, at 30 frames a second, over and over, and
 * counts what comes back. What a server can take is measured with these, so that browsers do not take the machine first.
 */
export class FilmCaller {
  readonly #client: RtcClient;
  readonly #film: readonly EncodedFrame[];
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #returned = 0;
  #results = 0;

  /** @param film begins with a key frame */
  static async call(
    url: string,
    film: readonly EncodedFrame[],
    options: Pick<RtcClientOptions, 'direction' | 'settings'> = {},
  ): Promise<FilmCaller> {
    const caller = new FilmCaller(await RtcClient.dial(url, { codec: 'H264', ...options }), film);
    caller.#start();
    return caller;
  }

  private constructor(client: RtcClient, film: readonly EncodedFrame[]) {
    this.#client = client;
    this.#film = film;
    client.on('frame', () => {
      this.#returned++;
    });
    client.on('detections', () => {
      this.#results++;
      // The client keeps them for tests to look at; here they would grow for an hour.
      client.detections.length = 0;
    });
  }

  get sessionId(): string {
    return this.#client.sessionId;
  }

  /** Frames that came back whole, and results, since it was called. */
  counts(): { frames: number; results: number } {
    return { frames: this.#returned, results: this.#results };
  }

  #start(): void {
    const started = performance.now();
    const next = (): void => {
      const frame = this.#film[this.#sent % this.#film.length];
      const timestamp = (this.#sent * FRAME_TICKS) >>> 0;
      this.#sent++;
      if (frame) this.#client.sendFrame({ data: frame.data, timestamp }).catch(() => this.#stop());
      this.#timer = setTimeout(next, Math.max(0, started + this.#sent * FRAME_MS - performance.now()));
    };
    next();
  }

  #stop(): void {
    clearTimeout(this.#timer);
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#client.close();
  }
}
