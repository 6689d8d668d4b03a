import type { Call } from '../sdk/call.ts';
import { CodeReader } from './code-reader.ts';
import type { CodedCamera } from './coded-camera.ts';
import type { Way } from './way.ts';
import { WayFigures } from './way-figures.ts';

const STATS_MS = 1_000;

/** The annotated track of the call itself. */
export class WebrtcWay implements Way {
  readonly figures = new WayFigures();
  readonly #call: Call;
  readonly #video: HTMLVideoElement;
  readonly #timer: number;
  #closed = false;

  constructor(call: Call, camera: CodedCamera, video: HTMLVideoElement) {
    this.#call = call;
    this.#video = video;
    const show = (stream: MediaStream) => {
      video.srcObject = stream;
    };
    call.on('track', ({ stream }) => show(stream));
    for (const { stream } of call.tracks) show(stream);
    this.#watch(camera, new CodeReader());
    this.#timer = setInterval(() => void this.#count(), STATS_MS);
  }

  async turn(on: boolean): Promise<void> {
    await this.#call.configure({ output: on ? 'annotated' : 'data' });
    this.figures.clear();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#video.srcObject = null;
  }

  #watch(camera: CodedCamera, reader: CodeReader): void {
    this.#video.requestVideoFrameCallback(() => {
      if (this.#closed) return;
      this.#watch(camera, reader);
      const now = performance.now();
      this.figures.frame(now);
      const value = reader.read(this.#video, this.#video.videoWidth);
      if (value !== undefined) this.figures.delay(now, camera.ageOf(value, now));
    });
  }

  async #count(): Promise<void> {
    const { in: stats, overMs } = await this.#call.stats();
    if (overMs > 0) this.figures.bytes(performance.now(), (stats.kbitPerSecond * overMs) / 8);
  }
}
