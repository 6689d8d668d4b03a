import { SightlineError } from '../../protocol/errors.ts';
import type { Letterbox } from './letterbox.ts';

/** How a model wants its input; the part of a manifest's `input` that concerns the tensor. */
export interface InputSpec {
  readonly width: number;
  readonly height: number;
  /** `nchw`: three planes [1,3,height,width]. `nhwc`: interleaved [1,height,width,3]. */
  readonly layout: 'nchw' | 'nhwc';
  readonly channels: 'rgb' | 'bgr';
  /** Each channel value c (0 to 255) enters the tensor as (c - mean) * scale. */
  readonly mean: number;
  readonly scale: number;
  /** Channel value (0 to 255) of what the picture does not cover. */
  readonly pad: number;
}

/** A scaled picture: rows of packed 8-bit RGB, `stride` bytes from one row to the next. */
export interface PackedRgb {
  readonly pixels: Uint8Array;
  readonly stride: number;
}

/**
 * Writes a scaled picture, and the padding around it, into a network's input tensor.
 *
 * @param target width × height × 3 values; every one is written.
 * @param source the picture in the size that `geometry` says.
 * @throws SightlineError `inference-failed` where target or source is too small for the sizes given.
 */
export function fillTensor(
  target: Float32Array,
  { pixels, stride }: PackedRgb,
  geometry: Letterbox,
  input: InputSpec,
): void {
  checkSizes(target, pixels, stride, geometry, input);
  // 256 values computed once a frame instead of a subtraction and a multiplication for each of half a million bytes.
  const table = Float32Array.from({ length: 256 }, (_, value) => (value - input.mean) * input.scale);
  const fill = input.layout === 'nchw' ? fillPlanes : fillInterleaved;
  fill(target, pixels, stride, geometry, input, table);
}

function checkSizes(
  target: Float32Array,
  pixels: Uint8Array,
  stride: number,
  { scaledWidth, scaledHeight }: Letterbox,
  { width, height }: InputSpec,
): void {
  const needed = stride * (scaledHeight - 1) + scaledWidth * 3;
  const fits = scaledWidth <= width && scaledHeight <= height && stride >= scaledWidth * 3;
  if (fits && target.length === width * height * 3 && pixels.length >= needed) return;
  throw new SightlineError(
    'inference-failed',
    `Cannot fill the input tensor: expected ${width * height * 3} values and at least ${needed} bytes of a picture ` +
      `${scaledWidth}×${scaledHeight} within ${width}×${height}, found ${target.length} values and ` +
      `${pixels.length} bytes in rows of ${stride}`,
  );
}

type Fill = (
  target: Float32Array,
  pixels: Uint8Array,
  stride: number,
  geometry: Letterbox,
  input: InputSpec,
  table: Float32Array,
) => void;

// In both loops checkSizes() has made sure of the bounds, so the indexed reads always find a number.

const fillPlanes: Fill = (target, pixels, stride, { scaledWidth, scaledHeight }, input, table) => {
  const { width, height } = input;
  const plane = width * height;
  const red = input.channels === 'rgb' ? 0 : 2 * plane;
  const blue = 2 * plane - red;
  const pad = table[input.pad] as number;
  for (let y = 0; y < scaledHeight; y++) {
    let from = y * stride;
    const row = y * width;
    const end = row + scaledWidth;
    for (let to = row; to < end; to++, from += 3) {
      target[to + red] = table[pixels[from] as number] as number;
      target[to + plane] = table[pixels[from + 1] as number] as number;
      target[to + blue] = table[pixels[from + 2] as number] as number;
    }
  }
  for (let channel = 0; channel < 3 * plane; channel += plane) {
    if (scaledWidth < width) {
      for (let y = 0; y < scaledHeight; y++) {
        target.fill(pad, channel + y * width + scaledWidth, channel + (y + 1) * width);
      }
    }
    target.fill(pad, channel + scaledHeight * width, channel + plane);
  }
};

const fillInterleaved: Fill = (target, pixels, stride, { scaledWidth, scaledHeight }, input, table) => {
  const { width } = input;
  const red = input.channels === 'rgb' ? 0 : 2;
  const blue = 2 - red;
  const pad = table[input.pad] as number;
  for (let y = 0; y < scaledHeight; y++) {
    let from = y * stride;
    const row = y * width * 3;
    const end = row + scaledWidth * 3;
    for (let to = row; to < end; to += 3, from += 3) {
      target[to + red] = table[pixels[from] as number] as number;
      target[to + 1] = table[pixels[from + 1] as number] as number;
      target[to + blue] = table[pixels[from + 2] as number] as number;
    }
    target.fill(pad, end, row + width * 3);
  }
  target.fill(pad, scaledHeight * width * 3);
};
