import { SURE_POINT, skeletonOf } from '../../../protocol/bones.ts';
import type { Keypoint } from '../../../protocol/detections.ts';
import type { I420Picture } from '../i420.ts';
import { type Colour, white } from '../palette.ts';
import { drawLine } from './line.ts';

/**
 * Draws the points of an object, joined as its skeleton says, in the colour of the object with white joints. Points of
 * no skeleton that is known are drawn by themselves. Points with a low score, and what hangs on them, are left out.
 *
 * @param keypoints in fractions of the frame.
 * @param thickness of a bone in pixels; the contours of a face are half as thick.
 */
export function drawSkeleton(
  picture: I420Picture,
  keypoints: readonly Keypoint[],
  colour: Colour,
  thickness: number,
): void {
  const { chains, joints } = skeletonOf(keypoints.length) ?? { chains: [], joints: true };
  const pen = joints ? thickness : Math.max(1, thickness / 2);
  for (const chain of chains) drawChain(picture, keypoints, chain, colour, pen);
  if (!joints) return;
  for (const point of keypoints) {
    if (!isSure(point)) continue;
    const [x, y] = [point.x * picture.width, point.y * picture.height];
    drawLine(picture, x, y, x, y, white, thickness * 1.5);
  }
}

function drawChain(
  picture: I420Picture,
  keypoints: readonly Keypoint[],
  chain: readonly number[],
  colour: Colour,
  thickness: number,
): void {
  const { width, height } = picture;
  let last: Keypoint | undefined;
  for (const index of chain) {
    const point = keypoints[index];
    if (isSure(last) && isSure(point)) {
      const [from, to] = [last, point];
      drawLine(picture, from.x * width, from.y * height, to.x * width, to.y * height, colour, thickness);
    }
    last = point;
  }
}

function isSure(point: Keypoint | undefined): point is Keypoint {
  return point !== undefined && (point.score ?? 1) >= SURE_POINT;
}
