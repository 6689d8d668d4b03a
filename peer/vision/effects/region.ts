import type { Box } from '../../../protocol/detections.ts';
import type { PixelRect } from '../draw/pixel-rect.ts';
import type { Plane } from '../draw/plane.ts';
import type { I420Picture } from '../i420.ts';

/** The part of a picture that is all of it. */
export function wholeOf({ width, height }: I420Picture): PixelRect {
  return { left: 0, top: 0, right: width, bottom: height };
}

/**
 * The part of a picture that a box with a margin touches, every edge moved outwards to an even position, cut at the
 * picture. Undefined where that is nothing, or where the box is none.
 *
 * @param margin added at each side, in widths and heights of the box.
 */
export function coveringRect(
  box: Box,
  margin: number,
  { width, height }: I420Picture,
): PixelRect | undefined {
  const marginX = box.width * margin;
  const marginY = box.height * margin;
  const left = Math.max(0, evenBelow((box.x - marginX) * width));
  const top = Math.max(0, evenBelow((box.y - marginY) * height));
  const right = Math.min(width, -evenBelow(-(box.x + box.width + marginX) * width));
  const bottom = Math.min(height, -evenBelow(-(box.y + box.height + marginY) * height));
  return right > left && bottom > top ? { left, top, right, bottom } : undefined;
}

function evenBelow(value: number): number {
  return 2 * Math.floor(value / 2);
}

/** The samples of a plane that a rectangle touches, whole and within the plane; undefined where there are none. */
export function samplesIn({ left, top, right, bottom }: PixelRect, plane: Plane): PixelRect | undefined {
  const { width, height, subsampling } = plane;
  const touched = {
    left: Math.max(0, Math.floor(left / subsampling)),
    top: Math.max(0, Math.floor(top / subsampling)),
    right: Math.min(width, Math.ceil(right / subsampling)),
    bottom: Math.min(height, Math.ceil(bottom / subsampling)),
  };
  return touched.right > touched.left && touched.bottom > touched.top ? touched : undefined;
}
