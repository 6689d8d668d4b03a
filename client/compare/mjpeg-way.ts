import { CodeReader } from './code-reader.ts';
import type { Way, WaySetup } from './way.ts';
import { WayFigures } from './way-figures.ts';

/** Bytes of a boundary and the headers of a part, about. */
const PART_BYTES = 150;

/** The picture as an `<img>`. Nothing tells of its frames, so it is looked at before each repaint of the screen. */
export class MjpegWay implements Way {
  readonly figures = new WayFigures();
  readonly #setup: WaySetup;
  readonly #image: HTMLImageElement;
  readonly #frameBytes: () => number;
  readonly #reader = new CodeReader();
  #last: number | undefined;
  #closed = false;

  /** @param frameBytes of one JPEG, about: a browser does not tell what an image costs */
  constructor(setup: WaySetup, image: HTMLImageElement, frameBytes: () => number) {
    this.#setup = setup;
    this.#image = image;
    this.#frameBytes = frameBytes;
    this.#look();
  }

  async turn(on: boolean): Promise<void> {
    this.#last = undefined;
    this.figures.clear();
    if (!on) {
      this.#image.removeAttribute('src');
      return;
    }
    const { url, sessionId, key } = this.#setup;
    const address = new URL(`sessions/${sessionId}/mjpeg`, url);
    if (key) address.searchParams.set('key', key);
    this.#image.src = address.href;
  }

  close(): void {
    this.#closed = true;
    this.#image.removeAttribute('src');
  }

  #look(): void {
    if (this.#closed) return;
    requestAnimationFrame(() => this.#look());
    if (this.#image.naturalWidth === 0 || !this.#image.hasAttribute('src')) return;
    const value = this.#reader.read(this.#image, this.#image.naturalWidth);
    if (value === undefined || value === this.#last) return;
    this.#last = value;
    const now = performance.now();
    this.figures.frame(now);
    this.figures.bytes(now, this.#frameBytes() + PART_BYTES);
    this.figures.delay(now, this.#setup.camera.ageOf(value, now));
  }
}
