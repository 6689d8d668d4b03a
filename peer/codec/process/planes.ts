import type { I420Picture } from '../../vision/i420.ts';
import type { PlanesPool } from './planes-pool.ts';

/** Bytes of an I420 picture without padding. */
export function planesBytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}

/** The three planes of a picture, one after the other without padding, and how many frames show them. */
export class Planes {
  readonly width: number;
  readonly height: number;
  readonly memory: ArrayBuffer;
  readonly #pool: PlanesPool;
  #holders = 1;

  /** @param memory `planesBytes()` of the size, taken from the pool and given back to it */
  constructor(width: number, height: number, memory: ArrayBuffer, pool: PlanesPool) {
    this.width = width;
    this.height = height;
    this.memory = memory;
    this.#pool = pool;
  }

  get isShared(): boolean {
    return this.#holders > 1;
  }

  hold(): this {
    this.#holders += 1;
    return this;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#pool.give(this.memory);
  }

  copy(): Planes {
    const memory = this.#pool.take(this.memory.byteLength);
    new Uint8Array(memory).set(new Uint8Array(this.memory));
    return new Planes(this.width, this.height, memory, this.#pool);
  }

  /** The left upper part of an even size, one row after the other; no copy where that is all of it. */
  packed(width: number, height: number): Uint8Array {
    if (width === this.width && height === this.height) return new Uint8Array(this.memory);
    const { planes, strides } = this.view();
    const out = new Uint8Array(planesBytes(width, height));
    let at = 0;
    for (const [index, plane] of planes.entries()) {
      const [columns, rows] = index === 0 ? [width, height] : [width / 2, height / 2];
      const stride = strides[index] ?? columns;
      for (let y = 0; y < rows; y += 1, at += columns)
        out.set(plane.subarray(y * stride, y * stride + columns), at);
    }
    return out;
  }

  view(): I420Picture {
    const { width, height, memory } = this;
    const [chromaWidth, chromaHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
    const [luma, chroma] = [width * height, chromaWidth * chromaHeight];
    return {
      width,
      height,
      planes: [
        new Uint8Array(memory, 0, luma),
        new Uint8Array(memory, luma, chroma),
        new Uint8Array(memory, luma + chroma, chroma),
      ],
      strides: [width, chromaWidth, chromaWidth],
    };
  }
}
