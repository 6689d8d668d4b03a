import { NativeVideoFrame } from '../../peer/codec/native/video-frame.ts';
import type { I420Picture } from '../../peer/vision/i420.ts';

/** A frame that needs no film: gradients that drift and a bright block that crosses them; `n` counts the frames. */
export function syntheticFrame(
  width: number,
  height: number,
  n: number,
  timestamp = n * 3000,
): NativeVideoFrame {
  const frame = NativeVideoFrame.allocate(width, height, timestamp >>> 0);
  paintSynthetic(frame.picture, n);
  return frame;
}

/** One colour, in limited range. */
export function paintFlat({ planes }: I420Picture, colour: readonly [y: number, u: number, v: number]): void {
  for (const [i, plane] of planes.entries()) plane.fill(colour[i] ?? 128);
}

/** All samples of the picture without the padding between rows: I420 as files and test results have it. */
export function packed(picture: I420Picture): Uint8Array {
  const chromaWidth = Math.ceil(picture.width / 2);
  const chromaHeight = Math.ceil(picture.height / 2);
  const out = new Uint8Array(picture.width * picture.height + 2 * chromaWidth * chromaHeight);
  let at = 0;
  for (const [i, plane] of picture.planes.entries()) {
    const width = i === 0 ? picture.width : chromaWidth;
    const height = i === 0 ? picture.height : chromaHeight;
    const stride = picture.strides[i] ?? width;
    for (let y = 0; y < height; y += 1) {
      out.set(plane.subarray(y * stride, y * stride + width), at);
      at += width;
    }
  }
  return out;
}

/** Peak signal-to-noise ratio of two luma planes in dB, over the area that both have. Alike at some 35 and above. */
export function lumaPsnr(a: I420Picture, b: I420Picture): number {
  const width = Math.min(a.width, b.width);
  const height = Math.min(a.height, b.height);
  let error = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const p = a.planes[0][y * a.strides[0] + x] ?? 0;
      const q = b.planes[0][y * b.strides[0] + x] ?? 0;
      error += (p - q) ** 2;
    }
  }
  return 10 * Math.log10((255 * 255 * width * height) / Math.max(error, 1));
}

/** Gradients that drift and a bright block that crosses them. */
export function paintSynthetic({ width, height, planes, strides }: I420Picture, n: number): void {
  const [luma, ...chroma] = planes;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) luma[y * strides[0] + x] = 40 + ((x + y + 2 * n) % 256) / 2;
  }
  for (const [i, plane] of chroma.entries()) plane.fill(i === 0 ? 110 : 150);
  const side = Math.floor(Math.min(width, height) / 4);
  const left = (5 * n) % Math.max(width - side, 1);
  for (let y = side; y < 2 * side; y += 1) {
    luma.fill(220, y * strides[0] + left, y * strides[0] + left + side);
  }
}
