import type { TensorData } from './tensor.ts';

/** Where the channels of a picture go: red, green, blue. */
export type Planes = readonly [TensorData, TensorData, TensorData];

/**
 * The pixels as words of four bytes, where every row begins and ends with one: four pixels take three reads instead of
 * twelve, and the tensor of 416×312 takes 0.25 ms instead of 0.38. Undefined where the rows do not allow it.
 */
export function asWords(pixels: Uint8Array, stride: number, width: number): Uint32Array | undefined {
  if (pixels.byteOffset % 4 !== 0 || stride % 4 !== 0 || width % 4 !== 0) return undefined;
  return new Uint32Array(pixels.buffer, pixels.byteOffset, Math.floor(pixels.length / 4));
}

// In both functions the caller has made sure of the bounds, so the indexed reads always find a number.

/** Writes a row of packed pixels from `at` on into each plane, from `to` to `end`, through the table. */
export function spreadBytes(
  [red, green, blue]: Planes,
  pixels: Uint8Array,
  table: Float32Array,
  { to, end, at }: { to: number; end: number; at: number },
): void {
  for (; to < end; to++, at += 3) {
    red[to] = table[pixels[at] as number] as number;
    green[to] = table[pixels[at + 1] as number] as number;
    blue[to] = table[pixels[at + 2] as number] as number;
  }
}

/** As {@link spreadBytes}, of a whole number of four pixels; `at` counts words. Words are little-endian, as on every platform that ONNX Runtime has a package for. */
export function spreadWords(
  [red, green, blue]: Planes,
  words: Uint32Array,
  table: Float32Array,
  { to, end, at }: { to: number; end: number; at: number },
): void {
  for (; to < end; to += 4, at += 3) {
    const first = words[at] as number;
    const second = words[at + 1] as number;
    const third = words[at + 2] as number;
    red[to] = table[first & 255] as number;
    green[to] = table[(first >>> 8) & 255] as number;
    blue[to] = table[(first >>> 16) & 255] as number;
    red[to + 1] = table[first >>> 24] as number;
    green[to + 1] = table[second & 255] as number;
    blue[to + 1] = table[(second >>> 8) & 255] as number;
    red[to + 2] = table[(second >>> 16) & 255] as number;
    green[to + 2] = table[second >>> 24] as number;
    blue[to + 2] = table[third & 255] as number;
    red[to + 3] = table[(third >>> 8) & 255] as number;
    green[to + 3] = table[(third >>> 16) & 255] as number;
    blue[to + 3] = table[third >>> 24] as number;
  }
}
