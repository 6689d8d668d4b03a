import { SightlineError } from '../../protocol/errors.ts';
import type { Letterbox } from './letterbox.ts';
import { asWords, type Planes, spreadBytes, spreadWords } from './spread-pixels.ts';

/** How a model wants its input; the part of a manifest's `input` that concerns the tensor. */
export interface InputSpec {
  readonly width: number;
  readonly height: number;
  /** `nchw`: three planes [1,3,height,width]. `nhwc`: interleaved [1,height,width,3]. */
  readonly layout: 'nchw' | 'nhwc';
  /** `grey` is one channel, the luma of BT.601; its layout does not matter. */
  readonly channels: 'rgb' | 'bgr' | 'grey';
  /** Each channel value c (0 to 255) enters the tensor as (c - mean) * scale. */
  readonly mean: number;
  readonly scale: number;
  /** Channel value (0 to 255) of what the picture does not cover. */
  readonly pad: number;
}

/** The values of an input tensor: 32-bit floats, or the 32-bit integers that some models take. */
export type TensorData = Float32Array | Int32Array;

/** A scaled picture: rows of packed 8-bit RGB, `stride` bytes from one row to the next. */
export interface PackedRgb {
  readonly pixels: Uint8Array;
  readonly stride: number;
}

/**
 * Writes a scaled picture, and the padding around it, into a network's input tensor.
 *
 * @param target width × height × channels values; every one is written, cut to whole numbers where the tensor holds those.
 * @param source the picture in the size that `geometry` says.
 * @throws SightlineError `inference-failed` where target or source is too small for the sizes given.
 */
export function fillTensor(
  target: TensorData,
  { pixels, stride }: PackedRgb,
  geometry: Letterbox,
  input: InputSpec,
): void {
  checkSizes(target, pixels, stride, geometry, input);
  // 256 values computed once a frame instead of a subtraction and a multiplication for each of half a million bytes.
  const table = channelTable(input);
  const fill = input.layout === 'nchw' ? fillPlanes : fillInterleaved;
  if (input.channels === 'grey') fillGrey(target, pixels, stride, geometry, input, table);
  else fill(target, pixels, stride, geometry, input, table);
}

/** How many values a pixel has in the tensor. */
export function channelCount({ channels }: Pick<InputSpec, 'channels'>): number {
  return channels === 'grey' ? 1 : 3;
}

/** What each channel value (0 to 255) becomes in the tensor. */
function channelTable({ mean, scale }: Pick<InputSpec, 'mean' | 'scale'>): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => (value - mean) * scale);
}

function checkSizes(
  target: TensorData,
  pixels: Uint8Array,
  stride: number,
  { scaledWidth, scaledHeight }: Letterbox,
  input: InputSpec,
): void {
  const { width, height } = input;
  const values = width * height * channelCount(input);
  const needed = stride * (scaledHeight - 1) + scaledWidth * 3;
  const fits = scaledWidth <= width && scaledHeight <= height && stride >= scaledWidth * 3;
  if (fits && target.length === values && pixels.length >= needed) return;
  throw new SightlineError(
    'inference-failed',
    `Cannot fill the input tensor: expected ${values} values and at least ${needed} bytes of a picture ` +
      `${scaledWidth}×${scaledHeight} within ${width}×${height}, found ${target.length} values and ` +
      `${pixels.length} bytes in rows of ${stride}`,
  );
}

type Fill = (
  target: TensorData,
  pixels: Uint8Array,
  stride: number,
  geometry: Letterbox,
  input: InputSpec,
  table: Float32Array,
) => void;

// In all loops checkSizes() has made sure of the bounds, so the indexed reads always find a number.

const fillPlanes: Fill = (target, pixels, stride, { scaledWidth, scaledHeight }, input, table) => {
  const { width, height } = input;
  const plane = width * height;
  const [first, green, last] = [0, plane, 2 * plane].map((at) => target.subarray(at, at + plane)) as [
    TensorData,
    TensorData,
    TensorData,
  ];
  const planes: Planes = input.channels === 'rgb' ? [first, green, last] : [last, green, first];
  const words = asWords(pixels, stride, scaledWidth);
  const pad = table[input.pad] as number;
  for (let y = 0; y < scaledHeight; y++) {
    const [to, at] = [y * width, y * stride];
    if (words) spreadWords(planes, words, table, { to, end: to + scaledWidth, at: at / 4 });
    else spreadBytes(planes, pixels, table, { to, end: to + scaledWidth, at });
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

const fillGrey: Fill = (target, pixels, stride, { scaledWidth, scaledHeight }, { width, pad }, table) => {
  target.fill(table[pad] as number);
  for (let y = 0; y < scaledHeight; y++) {
    let from = y * stride;
    for (let to = y * width; to < y * width + scaledWidth; to++, from += 3) {
      const grey = luma(pixels[from] as number, pixels[from + 1] as number, pixels[from + 2] as number);
      target[to] = table[Math.round(grey)] as number;
    }
  }
};

/** The luma of BT.601, in the range of its arguments. */
export function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
