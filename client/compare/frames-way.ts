import { FRAME_HEADER_BYTES } from '../../protocol/frames.ts';
import { Frames } from '../sdk/frames.ts';
import { CodeReader } from './code-reader.ts';
import type { Way, WaySetup } from './way.ts';
import { WayFigures } from './way-figures.ts';

/** The picture as frames of a WebSocket, painted by the page. */
export class FramesWay implements Way {
  readonly figures = new WayFigures();
  readonly #setup: WaySetup;
  readonly #canvas: HTMLCanvasElement;
  readonly #reader = new CodeReader();
  #frames: Frames | undefined;
  /** Bytes of a frame: a mean over the newest. */
  #frameBytes = 0;
  #waiting: Uint8Array<ArrayBuffer> | undefined;
  #painting = false;

  constructor(setup: WaySetup, canvas: HTMLCanvasElement) {
    this.#setup = setup;
    this.#canvas = canvas;
  }

  get frameBytes(): number {
    return this.#frameBytes;
  }

  async turn(on: boolean): Promise<void> {
    this.close();
    this.figures.clear();
    if (!on) return;
    const { url, sessionId: session, key } = this.#setup;
    const frames = await Frames.open({ url, key, session });
    this.#frames = frames;
    frames.on('frame', (_header, jpeg) => {
      this.#waiting = jpeg;
      if (!this.#painting) void this.#paint();
    });
  }

  close(): void {
    this.#frames?.close();
    this.#frames = undefined;
  }

  /** One at a time: while one is decoded, a newer one replaces the one that waits. */
  async #paint(): Promise<void> {
    this.#painting = true;
    for (let jpeg = this.#take(); jpeg; jpeg = this.#take()) await this.#show(jpeg);
    this.#painting = false;
  }

  #take(): Uint8Array<ArrayBuffer> | undefined {
    const jpeg = this.#waiting;
    this.#waiting = undefined;
    return jpeg;
  }

  async #show(jpeg: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#frameBytes += (jpeg.length - this.#frameBytes) / (this.#frameBytes === 0 ? 1 : 10);
    const picture = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
    const { width, height } = picture;
    if (this.#canvas.width !== width || this.#canvas.height !== height)
      Object.assign(this.#canvas, { width, height });
    this.#canvas.getContext('2d', { alpha: false })?.drawImage(picture, 0, 0);
    const value = this.#reader.read(picture, width);
    picture.close();
    const now = performance.now();
    this.figures.frame(now);
    this.figures.bytes(now, jpeg.length + FRAME_HEADER_BYTES);
    if (value !== undefined) this.figures.delay(now, this.#setup.camera.ageOf(value, now));
  }
}
