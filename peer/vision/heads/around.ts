import type { Keypoint } from '../../../protocol/detections.ts';
import type { NetworkBox } from '../letterbox.ts';

/** The smallest upright rectangle that holds all the points; at the origin and empty where there are none. */
export function around(points: readonly Keypoint[]): NetworkBox {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}
