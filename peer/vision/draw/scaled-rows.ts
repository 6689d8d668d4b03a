import { mixRows } from './mix-rows.ts';
import { doubleEnds, rowsAbout, stretchRow } from './stretch.ts';

/** Samples of one plane, row by row. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  /** Samples from one row to the next. */
  readonly stride: number;
  readonly data: Uint8Array;
}

/**
 * The rows of a plane in another size, bilinear. The two rows of the source about a row of the result are stretched once
 * and kept, since the next row lies between the same two where the result is larger; only mixing is done for each.
 */
export class ScaledRows {
  readonly #source: Samples;
  readonly #width: number;
  readonly #stepX: number;
  readonly #stepY: number;
  readonly #narrow: Uint8Array;
  /** Three rows of whole words: two that are stretched, and what is mixed of them. */
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #wordsPerRow: number;
  /** Rows of the source that the first two hold. */
  readonly #held = [-1, -1];
  #above = 0;
  #below = 0;
  #share = 0;

  /**
   * @param width of the result.
   * @param stepX samples of the source for one of the result, at most `source.width / width`.
   */
  constructor(source: Samples, width: number, stepX: number, stepY: number) {
    this.#source = source;
    this.#width = width;
    this.#stepX = stepX;
    this.#stepY = stepY;
    this.#narrow = new Uint8Array(source.width + 2);
    this.#wordsPerRow = Math.ceil(width / 4);
    this.#words = new Int32Array(3 * this.#wordsPerRow);
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  /** Goes to a row of the result. */
  seek(row: number): void {
    const { upper, share } = rowsAbout(row, this.#stepY, this.#source.height);
    this.#share = share;
    this.#above = this.#hold(upper);
    if (share > 0) this.#below = this.#hold(upper + 1);
  }

  /** The samples `from` to before `end` of the row; overwritten by the next. */
  read(from: number, end: number): Uint8Array {
    const perRow = this.#wordsPerRow;
    let row = this.#above;
    if (this.#share > 0) {
      const [first, last] = [from >> 2, (end + 3) >> 2];
      const [above, below] = [this.#above * perRow + first, this.#below * perRow + first];
      mixRows(this.#words, 2 * perRow + first, this.#words, above, below, last - first, this.#share);
      row = 2;
    }
    return this.#bytes.subarray(4 * row * perRow + from, 4 * row * perRow + end);
  }

  /** Which of the first two rows holds a row of the source: the even rows in one, the odd in the other. */
  #hold(row: number): number {
    const place = row % 2;
    if (this.#held[place] === row) return place;
    this.#held[place] = row;
    const { data, stride, width } = this.#source;
    const samples = data.subarray(row * stride, row * stride + width);
    const to = 4 * place * this.#wordsPerRow;
    if (this.#stepX === 1) {
      this.#bytes.set(samples.subarray(0, this.#width), to);
    } else {
      this.#narrow.set(samples, 1);
      doubleEnds(this.#narrow, 1, width);
      stretchRow(this.#narrow, 1, this.#stepX, this.#bytes, to, 0, this.#width);
    }
    return place;
  }
}
