import { setTimeout as delay } from 'node:timers/promises';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import type { VideoCodec } from '../../peer/rtp/packet.ts';
import { syntheticFilm } from './coded-film.ts';
import { RtcClient } from './rtc-client.ts';

const FRAMES = 60;
const FRAME_MS = 1000 / 30;
const FRAME_TICKS = 3000;

/** A camera that sends, and takes nothing back, until it is disposed of. */
export class OnAir implements AsyncDisposable {
  /** What it sends over and over; begins with a key frame. */
  readonly film: readonly EncodedFrame[];
  readonly #camera: RtcClient;
  readonly #sending: Promise<void>;
  #over = false;

  static async start(url: string, codec: VideoCodec): Promise<OnAir> {
    const film = await syntheticFilm(codec, FRAMES, 0);
    return new OnAir(await RtcClient.dial(url, { codec, direction: 'sendonly' }), film);
  }

  private constructor(camera: RtcClient, film: readonly EncodedFrame[]) {
    this.#camera = camera;
    this.film = film;
    this.#sending = this.#send();
  }

  get sessionId(): string {
    return this.#camera.sessionId;
  }

  async #send(): Promise<void> {
    const started = performance.now();
    for (let sent = 0; !this.#over; sent++) {
      const { data } = this.film[sent % this.film.length] ?? { data: new Uint8Array() };
      await this.#camera.sendFrame({ data, timestamp: (sent * FRAME_TICKS) >>> 0 });
      await delay(Math.max(0, started + (sent + 1) * FRAME_MS - performance.now()));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await this.#sending;
    await this.#camera.close();
  }
}
