/**
 * A number that a camera picture carries through encoders and back: 4 rows of 5 blocks, black or white, top right. A block
 * is a twentieth of the picture's width: 32 pixels at 640×480, twice what a macroblock is. 16 bits of Gray code, so that
 * one bit changes from frame to frame, and 4 bits of parity.
 */
const COLUMNS = 5;
const ROWS = 4;
const BITS = 16;
/** Luma. */
const BLACK = 40;
const WHITE = 215;
const THRESHOLD = (BLACK + WHITE) / 2;

/** Numbers that a code can carry. */
export const CODE_RANGE = 1 << BITS;

/** Pixels. */
export interface CodeArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One block of a code, in pixels of the picture. */
export interface CodeBlock extends CodeArea {
  /** Luma. */
  readonly level: number;
}

/** Where the code lies in a picture of this width. All even, as chroma subsampling wants it. */
export function codeArea(pictureWidth: number): CodeArea {
  const block = blockOf(pictureWidth);
  return {
    x: pictureWidth - COLUMNS * block - block / 2,
    y: block / 2,
    width: COLUMNS * block,
    height: ROWS * block,
  };
}

/** What is to be painted into a picture of this width for a number. */
export function codeBlocks(pictureWidth: number, value: number): CodeBlock[] {
  const { x, y } = codeArea(pictureWidth);
  const block = blockOf(pictureWidth);
  const code = encode(value);
  return Array.from({ length: COLUMNS * ROWS }, (_, index) => ({
    x: x + (index % COLUMNS) * block,
    y: y + Math.floor(index / COLUMNS) * block,
    width: block,
    height: block,
    level: (code >> index) & 1 ? WHITE : BLACK,
  }));
}

/**
 * Reads the luma of such an area, rows of `stride` bytes.
 * @returns the number, or undefined where the parity says that something is drawn over it
 */
export function readCode(luma: Uint8Array, stride: number, area: CodeArea): number | undefined {
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
  const gray = (value ^ (value >> 1)) & (CODE_RANGE - 1);
  const parity = (gray ^ (gray >> 4) ^ (gray >> 8) ^ (gray >> 12)) & 0xf;
  // Parity of all ones beside a number of all zeros: a black area is no barcode.
  return gray | ((parity ^ 0xf) << BITS);
}

function decode(code: number): number {
  let value = code & (CODE_RANGE - 1);
  for (let shift = 1; shift < BITS; shift *= 2) value ^= value >> shift;
  return value;
}
