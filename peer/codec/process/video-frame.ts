import { SightlineError } from '../../../protocol/errors.ts';
import type { I420Picture } from '../../vision/i420.ts';
import type { ColourMatrix, VideoFrame } from '../video-frame.ts';
import { Planes, planesBytes } from './planes.ts';
import { PlanesPool } from './planes-pool.ts';

let live = 0;

/** How many frames are open. 0 once every session is closed. */
export function liveFrames(): number {
  return live;
}

/** For frames that nobody closes often enough for spares to be of use. */
const noSpares = new PlanesPool(0);

/** A frame in memory of JavaScript's. */
export class PlainVideoFrame implements VideoFrame {
  readonly timestamp: number;
  readonly matrix: ColourMatrix | undefined;
  #planes: Planes;
  #picture: I420Picture | undefined;
  #closed = false;

  /** @param planes held by this frame from now on */
  constructor(planes: Planes, timestamp: number, matrix: ColourMatrix | undefined) {
    this.#planes = planes;
    this.timestamp = timestamp;
    this.matrix = matrix;
    live += 1;
  }

  static allocate(width: number, height: number, timestamp: number): PlainVideoFrame {
    const memory = noSpares.take(planesBytes(width, height));
    return new PlainVideoFrame(new Planes(width, height, memory, noSpares), timestamp, undefined);
  }

  /** For peer/codec/process: the planes. They must not outlive this object without a hold of their own. */
  get planes(): Planes {
    if (this.#closed) throw new SightlineError('codec-failed', 'Cannot use the frame: it is closed');
    return this.#planes;
  }

  get width(): number {
    return this.planes.width;
  }

  get height(): number {
    return this.planes.height;
  }

  get isWritable(): boolean {
    return !this.planes.isShared;
  }

  get picture(): I420Picture {
    this.#picture ??= this.planes.view();
    return this.#picture;
  }

  share(): PlainVideoFrame {
    return new PlainVideoFrame(this.planes.hold(), this.timestamp, this.matrix);
  }

  makeWritable(): void {
    if (this.isWritable) return;
    const shared = this.#planes;
    this.#planes = shared.copy();
    this.#picture = undefined;
    shared.release();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    live -= 1;
    this.#picture = undefined;
    this.#planes.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
