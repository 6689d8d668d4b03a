import type { I420Picture } from './i420.ts';

/**
 * Converts rows of packed RGB (R, G, B, full range, without padding) to I420 in limited range, BT.601 (ITU-R BT.601-7,
 * section 2.5.3); chroma is the mean of each 2×2 pixels.
 *
 * @param fromRow even; so that a large picture can be converted in pieces
 * @param toRow the row behind the last; even, or the height of the picture
 */
export function rgbToI420(rgb: Uint8Array, target: I420Picture, fromRow: number, toRow: number): void {
  for (let row = fromRow; row < toRow; row++) lumaOf(rgb, target, row);
  for (let row = fromRow; row < toRow; row += 2) chromaOf(rgb, target, row);
}

/** In 16-bit fixed point, as integers are a third faster here. */
function lumaOf(rgb: Uint8Array, { width, planes: [luma], strides }: I420Picture, row: number): void {
  let from = row * width * 3;
  let to = row * strides[0];
  for (let column = 0; column < width; column++, from += 3, to++) {
    const [r, g, b] = [rgb[from] as number, rgb[from + 1] as number, rgb[from + 2] as number];
    luma[to] = (16_829 * r + 33_039 * g + 6_416 * b + 0x10_8000) >> 16;
  }
}

function chromaOf(rgb: Uint8Array, { width, height, planes, strides }: I420Picture, row: number): void {
  const [, u, v] = planes;
  const down = row + 1 < height ? width * 3 : 0;
  for (let column = 0; column < width; column += 2) {
    const right = column + 1 < width ? 3 : 0;
    const at = (row * width + column) * 3;
    const sum = (channel: number) =>
      (rgb[at + channel] as number) +
      (rgb[at + right + channel] as number) +
      (rgb[at + down + channel] as number) +
      (rgb[at + down + right + channel] as number);
    const [r, g, b] = [sum(0), sum(1), sum(2)];
    const to = column >> 1;
    u[(row >> 1) * strides[1] + to] = (-9_714 * r - 19_070 * g + 28_784 * b + 0x202_0000) >> 18;
    v[(row >> 1) * strides[2] + to] = (28_784 * r - 24_103 * g - 4_681 * b + 0x202_0000) >> 18;
  }
}
