/**
 * A number that a camera picture carries through encoders and back: 4 rows of 5 blocks, black or white, in the luma
 * plane, top right, where the man of the test film is not. A block is a twentieth of the picture's width: 32 pixels at
 * 640×480, twice what a macroblock is. 16 bits of Gray code, so that one bit changes from frame to frame, and 4 bits of
 * parity.
 */
const COLUMNS = 5;
const ROWS = 4;
const BITS = 16;
const BLACK = 40;
const WHITE = 215;
const THRESHOLD = (BLACK + WHITE) / 2;

/** Numbers that a barcode can carry. */
export const BARCODE_RANGE = 1 << BITS;

/** Pixels. */
interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the barcode lies in a picture of this width. All even, as chroma subsampling wants it. */
export function barcodeArea(pictureWidth: number): Area {
  const block = blockOf(pictureWidth);
  return {
    x: pictureWidth - COLUMNS * block - block / 2,
    y: block / 2,
    width: COLUMNS * block,
    height: ROWS * block,
  };
}

/** Paints `value` into the planes of a tightly packed I420 picture. */
export function paintBarcode(i420: Uint8Array, width: number, height: number, value: number): void {
  const area = barcodeArea(width);
  const block = blockOf(width);
  const code = encode(value);
  for (let y = 0; y < area.height; y++) {
    const row = Math.floor(y / block);
    for (let column = 0; column < COLUMNS; column++) {
      const bit = (code >> (row * COLUMNS + column)) & 1;
      const start = (area.y + y) * width + area.x + column * block;
      i420.fill(bit === 1 ? WHITE : BLACK, start, start + block);
    }
  }
  const chromaWidth = width / 2;
  for (const plane of [width * height, width * height * 1.25]) {
    for (let y = 0; y < area.height / 2; y++) {
      const start = plane + (area.y / 2 + y) * chromaWidth + area.x / 2;
      i420.fill(128, start, start + area.width / 2);
    }
  }
}

/**
 * Reads the luma of such an area, rows of `stride` bytes.
 * @returns the number, or undefined where the parity says that something is drawn over it
 */
export function readBarcode(luma: Uint8Array, stride: number, area: Area): number | undefined {
  const block = area.width / COLUMNS;
  let code = 0;
  for (let index = 0; index < COLUMNS * ROWS; index++) {
    const x = (index % COLUMNS) * block;
    const y = Math.floor(index / COLUMNS) * block;
    if (meanOfMiddle(luma, stride, x, y, block) > THRESHOLD) code |= 1 << index;
  }
  const value = decode(code);
  return encode(value) === code ? value : undefined;
}

function blockOf(pictureWidth: number): number {
  return Math.floor(pictureWidth / 80) * 4;
}

function meanOfMiddle(luma: Uint8Array, stride: number, x: number, y: number, block: number): number {
  const margin = block / 4;
  let sum = 0;
  for (let row = y + margin; row < y + block - margin; row++) {
    for (let column = x + margin; column < x + block - margin; column++) {
      sum += luma[row * stride + column] ?? 0;
    }
  }
  return sum / (block / 2) ** 2;
}

function encode(value: number): number {
  const gray = (value ^ (value >> 1)) & (BARCODE_RANGE - 1);
  const parity = (gray ^ (gray >> 4) ^ (gray >> 8) ^ (gray >> 12)) & 0xf;
  // Parity of all ones beside a number of all zeros: a black area is no barcode.
  return gray | ((parity ^ 0xf) << BITS);
}

function decode(code: number): number {
  let value = code & (BARCODE_RANGE - 1);
  for (let shift = 1; shift < BITS; shift *= 2) value ^= value >> shift;
  return value;
}
