import { setTimeout as delay } from 'node:timers/promises';
import type { EncodedFrame } from '../../../peer/codec/encoder.ts';
import { RtcClient } from '../rtc-client.ts';

const FRAME_MS = 1000 / 30;
const FRAME_TICKS = 3000;
const MAX_FRAMES = 600;

/** A well-behaved caller of the same media peer, whose call goes on whatever others send. */
export class Bystander {
  readonly #client: RtcClient;
  readonly #film: readonly EncodedFrame[];
  #sent = 0;
  #returned = 0;
  #results = 0;

  /** @param film VP8, begins with a key frame */
  static async dial(url: string, film: readonly EncodedFrame[]): Promise<Bystander> {
    return new Bystander(await RtcClient.dial(url, { codec: 'VP8' }), film);
  }

  constructor(client: RtcClient, film: readonly EncodedFrame[]) {
    this.#client = client;
    this.#film = film;
    client.on('frame', () => {
      this.#returned++;
    });
    client.on('detections', () => {
      this.#results++;
      client.detections.length = 0;
    });
  }

  /**
   * Sends frames until some have come back, and a result.
   * @throws Error where that takes twenty seconds of film
   */
  async expectService(): Promise<void> {
    const frames = this.#returned + 5;
    const results = this.#results + 1;
    await this.sendUntil(() => this.#returned >= frames && this.#results >= results);
  }

  /** @throws Error where that takes twenty seconds of film */
  async sendUntil(done: () => boolean): Promise<void> {
    for (let tries = 0; !done(); tries++) {
      if (tries > MAX_FRAMES) throw new Error(`Nothing came of ${tries} frames`);
      const frame = this.#film[this.#sent % this.#film.length];
      if (frame)
        await this.#client.sendFrame({ data: frame.data, timestamp: (this.#sent * FRAME_TICKS) >>> 0 });
      this.#sent++;
      await delay(FRAME_MS);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
