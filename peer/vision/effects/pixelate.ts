import type { PixelRect } from '../draw/pixel-rect.ts';
import { type Plane, planesOf } from '../draw/plane.ts';
import type { I420Picture } from '../i420.ts';
import { samplesIn } from './region.ts';

/**
 * Replaces a rectangle by squares, each the mean of what was there. Chroma samples that the rectangle touches count to
 * it, so that at odd positions nothing is left of its colours.
 *
 * @param rect clipped at the picture.
 * @param cells squares along the longer side; below 1 counts as 1. Fewer hide more: eight leave no face to recognise.
 */
export function pixelate(picture: I420Picture, rect: PixelRect, cells: number): void {
  const longer = Math.max(rect.right - rect.left, rect.bottom - rect.top);
  const size = 2 * Math.max(1, Math.ceil(longer / (cells >= 1 ? cells : 1) / 2));
  for (const plane of planesOf(picture)) {
    const part = samplesIn(rect, plane);
    if (part) pixelatePlane(plane, part, size / plane.subsampling);
  }
}

function pixelatePlane(plane: Plane, { left, top, right, bottom }: PixelRect, size: number): void {
  for (let y = top; y < bottom; y += size) {
    for (let x = left; x < right; x += size) {
      level(plane, { left: x, top: y, right: Math.min(right, x + size), bottom: Math.min(bottom, y + size) });
    }
  }
}

/** Gives every sample of a part the mean of all. */
function level({ data, stride }: Plane, { left, top, right, bottom }: PixelRect): void {
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let at = row * stride + left; at < row * stride + right; at++) sum += data[at] as number;
  }
  const mean = Math.round(sum / ((right - left) * (bottom - top)));
  for (let row = top; row < bottom; row++) data.fill(mean, row * stride + left, row * stride + right);
}
