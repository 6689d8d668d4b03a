import type { Size } from '../letterbox.ts';
import { expectPixels, type Picture } from './picture.ts';

/**
 * Resizes a picture: each new pixel is the mean of those that it stands for, so that nothing flickers when a picture
 * becomes five times smaller, as it would between the samples of a bilinear resize. Where it becomes larger, pixels are
 * repeated.
 *
 * @throws SightlineError `inference-failed` where the picture is smaller than it says.
 */
export function shrink(source: Picture, { width, height }: Size): Picture {
  expectPixels(source);
  const pixels = new Uint8Array(width * height * 3);
  const columns = edges(source.width, width);
  const rows = edges(source.height, height);
  for (let y = 0, at = 0; y < height; y++) {
    const [top, bottom] = range(rows, y);
    for (let x = 0; x < width; x++, at += 3) {
      const [left, right] = range(columns, x);
      average(source, left, top, right, bottom, pixels, at);
    }
  }
  return { width, height, pixels };
}

/** Where each of the new pixels begins, and the last one ends. */
function edges(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to + 1 }, (_, index) => Math.floor((index * from) / to));
}

function range(edge: Int32Array, index: number): [number, number] {
  const start = edge[index] as number;
  return [start, Math.max(start + 1, edge[index + 1] as number)];
}

function average(
  { pixels, width }: Picture,
  left: number,
  top: number,
  right: number,
  bottom: number,
  target: Uint8Array,
  at: number,
): void {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    const end = (y * width + right) * 3;
    for (let from = (y * width + left) * 3; from < end; from += 3) {
      red += pixels[from] as number;
      green += pixels[from + 1] as number;
      blue += pixels[from + 2] as number;
    }
  }
  const half = ((right - left) * (bottom - top)) / 2;
  target[at] = (red + half) / (2 * half);
  target[at + 1] = (green + half) / (2 * half);
  target[at + 2] = (blue + half) / (2 * half);
}
