import type { Box } from '../../../protocol/detections.ts';
import type { I420Picture } from '../i420.ts';

/** A rectangle in luma samples, right and bottom past the last. All four are even: it covers chroma samples wholly. */
export interface PixelRect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A box in samples of a picture, each edge moved to the nearest even position, at least 2×2. It may reach over the
 * picture. Undefined where nothing of it lies on the picture, or where it is not a box: NaN, Infinity, no size.
 */
export function toPixelRect(box: Box, picture: I420Picture): PixelRect | undefined {
  const left = nearestEven(box.x * picture.width);
  const top = nearestEven(box.y * picture.height);
  const right = Math.max(left + 2, nearestEven((box.x + box.width) * picture.width));
  const bottom = Math.max(top + 2, nearestEven((box.y + box.height) * picture.height));
  // One test for all: a sum is finite only where every part of it is.
  if (!Number.isFinite(left + top + right + bottom) || !(box.width > 0 && box.height > 0)) return undefined;
  if (left >= picture.width || top >= picture.height || right <= 0 || bottom <= 0) return undefined;
  return { left, top, right, bottom };
}

function nearestEven(value: number): number {
  return Math.round(value / 2) * 2;
}
