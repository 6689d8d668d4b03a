import type { PixelRect } from '../draw/pixel-rect.ts';
import type { Plane } from '../draw/plane.ts';
import type { Samples } from '../draw/scaled-rows.ts';

/** Every second byte of a word. */
const even = 0x00ff00ff;

/**
 * Averages a part of a plane down: each square of `size` × `size` samples becomes one; at the right and the lower edge
 * it is what there is of it. Of large squares every second row is enough.
 *
 * @param size a power of 2, at most 16.
 */
export function average(plane: Plane, { left, top, right, bottom }: PixelRect, size: number): Samples {
  const width = Math.ceil((right - left) / size);
  const height = Math.ceil((bottom - top) / size);
  const data = new Uint8Array(width * height);
  const sums = new Int32Array(width);
  const addRow = rowAdder(plane, left, right - left, size);
  const every = size < 4 ? 1 : 2;
  const lastColumns = right - left - (width - 1) * size;
  for (let y = 0; y < height; y++) {
    const first = top + y * size;
    const rows = Math.ceil((Math.min(bottom, first + size) - first) / every);
    sums.fill(0);
    for (let row = 0; row < rows; row++) addRow(sums, (first + row * every) * plane.stride + left);
    const share = 1 / (rows * size);
    for (let x = 0; x < width; x++) data[y * width + x] = unpack(sums[x] as number) * share + 0.5;
    data[(y + 1) * width - 1] = unpack(sums[width - 1] as number) / (rows * lastColumns) + 0.5;
  }
  return { width, height, stride: width, data };
}

/** Sums are kept in two halves of a word: 16 × 16 samples are less than 65536 together. */
function unpack(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}

/** Adds the samples of a row, from an index of the plane on, to the sums of their squares. */
type RowAdder = (sums: Int32Array, from: number) => void;

function rowAdder({ data, stride }: Plane, left: number, width: number, size: number): RowAdder {
  const whole = Math.floor(width / size);
  if (size < 2 || stride % 4 !== 0 || left % 4 !== 0 || data.byteOffset % 4 !== 0) {
    return (sums, from) => addBytes(sums, data, from, 0, width, size);
  }
  // Rows that begin on whole words, as those of a decoder do, are read four samples at a time.
  const words = new Int32Array(data.buffer, data.byteOffset, data.length >> 2);
  return (sums, from) => {
    if (size > 2) addWords(sums, words, from / 4, whole, size / 4);
    else addHalves(sums, words, from / 4, whole >> 1);
    addBytes(sums, data, from, size > 2 ? whole * size : (whole >> 1) * 4, width, size);
  };
}

function addWords(sums: Int32Array, words: Int32Array, from: number, whole: number, count: number): void {
  let at = from;
  for (let x = 0; x < whole; x++) {
    let pairs = sums[x] as number;
    for (const end = at + count; at < end; at++) {
      const word = words[at] as number;
      pairs += (word & even) + ((word >>> 8) & even);
    }
    sums[x] = pairs;
  }
}

/** Two squares of 2 × 2 to a word. */
function addHalves(sums: Int32Array, words: Int32Array, from: number, count: number): void {
  for (let at = 0; at < count; at++) {
    const word = words[from + at] as number;
    const pairs = (word & even) + ((word >>> 8) & even);
    sums[2 * at] = (sums[2 * at] as number) + (pairs & 0xffff);
    sums[2 * at + 1] = (sums[2 * at + 1] as number) + (pairs >>> 16);
  }
}

function addBytes(
  sums: Int32Array,
  data: Uint8Array,
  from: number,
  first: number,
  width: number,
  size: number,
): void {
  const shift = Math.log2(size);
  for (let x = first; x < width; x++) {
    const square = x >> shift;
    sums[square] = (sums[square] as number) + (data[from + x] as number);
  }
}
