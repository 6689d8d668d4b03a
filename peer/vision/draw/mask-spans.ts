import type { Mask } from '../found.ts';
import type { I420Picture } from '../i420.ts';
import { mixRows } from './mix-rows.ts';
import { doubleEnds, rowsAbout, stretchRow } from './stretch.ts';

/** A part of a row that a mask covers, from `from` to before `end`. */
export interface Span {
  readonly row: number;
  readonly from: number;
  readonly end: number;
  /** How much is covered of each sample of the row, 0 to 255; undefined where all are wholly. Overwritten later. */
  readonly alpha: Uint8Array | undefined;
}

/**
 * Visits what a mask covers of a picture, row by row from the left, the mask brought to its size bilinearly. Most of a
 * mask is all or nothing: nothing is skipped and all is one span, so that only edges cost a look at each sample. A mask
 * without size, or with less data than its size says, covers nothing.
 *
 * @param visitLuma takes the spans of the luma plane, and visitChroma then those of both chroma planes.
 * @param band rows of the picture that are visited, from an even one to before the last; all when left out.
 */
export function visitSpans(
  mask: Mask,
  picture: I420Picture,
  visitLuma: (span: Span) => void,
  visitChroma: (span: Span) => void,
  band: Band = { from: 0, end: picture.height },
): void {
  if (!hasSize(mask)) return;
  const rows = new MaskRows(mask);
  visitPlane(rows, picture, { subsampling: 1, band }, visitLuma);
  visitPlane(rows, picture, { subsampling: 2, band }, visitChroma);
}

/** Some rows of a picture, one after the other. */
export interface Band {
  readonly from: number;
  /** The row after the last. */
  readonly end: number;
}

/** Whether a mask has samples, and as many as its size says. */
export function hasSize({ width, height, data }: Mask): boolean {
  return width > 0 && height > 0 && data.length >= width * height;
}

function visitPlane(
  rows: MaskRows,
  picture: I420Picture,
  { subsampling, band }: { subsampling: 1 | 2; band: Band },
  visit: (span: Span) => void,
): void {
  const { width, height } = rows;
  const columns = Math.ceil(picture.width / subsampling);
  const alpha = new Uint8Array(columns);
  const step = (subsampling * width) / picture.width;
  const stepY = (subsampling * height) / picture.height;
  for (let row = band.from / subsampling; row < band.end / subsampling; row++) {
    rows.mix(row, stepY);
    const visitEdge = (from: number, end: number) => {
      if (end <= from) return;
      stretchRow(rows.mixed, firstByte, step, alpha, from, from, end);
      visit({ row, from, end, alpha });
    };
    let next = 0;
    for (let first = rows.runFrom(0); first < width; ) {
      const last = rows.endOfRun(first) - 1;
      // The samples of the plane whose two neighbours in the mask both lie in this run.
      const from = first === 0 ? 0 : Math.ceil((first + 0.5) / step - 0.5);
      const end = last === width - 1 ? columns : Math.min(columns, Math.floor((last + 0.5) / step - 0.5) + 1);
      if (end > from) {
        visitEdge(next, from);
        if (rows.at(first) === 255) visit({ row, from, end, alpha: undefined });
        next = end;
      }
      first = rows.runFrom(last + 1);
    }
    visitEdge(next, columns);
  }
}

/** The samples of a row begin on its second word, for there to be room for one before them. */
const firstByte = 4;

/** The rows of a mask, mixed upright, in whole words. */
class MaskRows {
  readonly width: number;
  readonly height: number;
  /** The row mixed last, from `firstByte` on, with its ends doubled. */
  readonly mixed: Uint8Array;
  readonly #mixedWords: Int32Array;
  readonly #words: Int32Array;
  readonly #wordsPerRow: number;

  constructor({ width, height, data }: Mask) {
    this.width = width;
    this.height = height;
    this.#wordsPerRow = Math.ceil((firstByte + width + 1) / 4);
    this.#words = new Int32Array(this.#wordsPerRow * height);
    this.#mixedWords = new Int32Array(this.#wordsPerRow);
    this.mixed = new Uint8Array(this.#mixedWords.buffer);
    const bytes = new Uint8Array(this.#words.buffer);
    for (let y = 0; y < height; y++) {
      const to = 4 * y * this.#wordsPerRow + firstByte;
      bytes.set(data.subarray(y * width, (y + 1) * width), to);
      doubleEnds(bytes, to, width);
    }
  }

  mix(row: number, step: number): void {
    const { upper, share } = rowsAbout(row, step, this.height);
    const first = upper * this.#wordsPerRow;
    const second = share > 0 ? first + this.#wordsPerRow : first;
    mixRows(this.#mixedWords, 0, this.#words, first, second, this.#wordsPerRow, share);
  }

  at(x: number): number {
    return this.mixed[firstByte + x] as number;
  }

  /** The next sample, from x on, that is 0 or 255; the width where there is none. */
  runFrom(x: number): number {
    let at = x;
    while (at < this.width && this.at(at) !== 0 && this.at(at) !== 255) at++;
    return at;
  }

  /** Past the last sample that has the value of that at x and all between too. */
  endOfRun(x: number): number {
    const value = this.at(x);
    const word = value === 0 ? 0 : -1;
    let at = x + 1;
    while (at < this.width && this.at(at) === value) {
      if (at % 4 === 0 && at + 4 <= this.width && this.#mixedWords[1 + (at >> 2)] === word) at += 4;
      else at++;
    }
    return at;
  }
}
