import type { I420Picture } from '../i420.ts';
import type { Colour } from '../palette.ts';
import type { PixelRect } from './pixel-rect.ts';

/**
 * Draws the outline of a rectangle, inwards from its edges, clipped at the picture.
 *
 * @param thickness in pixels, even, so that luma and chroma cover the same ground.
 */
export function drawRectangle(
  picture: I420Picture,
  rect: PixelRect,
  colour: Colour,
  thickness: number,
): void {
  const { left, top, right, bottom } = rect;
  const innerTop = Math.min(top + thickness, bottom);
  const innerBottom = Math.max(bottom - thickness, innerTop);
  const innerLeft = Math.min(left + thickness, right);
  const innerRight = Math.max(right - thickness, innerLeft);
  fillRectangle(picture, { left, top, right, bottom: innerTop }, colour);
  fillRectangle(picture, { left, top: innerBottom, right, bottom }, colour);
  fillRectangle(picture, { left, top: innerTop, right: innerLeft, bottom: innerBottom }, colour);
  fillRectangle(picture, { left: innerRight, top: innerTop, right, bottom: innerBottom }, colour);
}

/** Fills a rectangle in all three planes, clipped at the picture. */
function fillRectangle(
  { width, height, planes, strides }: I420Picture,
  rect: PixelRect,
  { y, u, v }: Colour,
): void {
  const left = Math.max(0, rect.left);
  const top = Math.max(0, rect.top);
  const right = Math.min(width, rect.right);
  const bottom = Math.min(height, rect.bottom);
  if (right <= left || bottom <= top) return;
  fillPlane(planes[0], strides[0], { left, top, right, bottom }, y);
  const chroma = { left: left / 2, top: top / 2, right: Math.ceil(right / 2), bottom: Math.ceil(bottom / 2) };
  fillPlane(planes[1], strides[1], chroma, u);
  fillPlane(planes[2], strides[2], chroma, v);
}

/** Samples in a row below which a loop is quicker than a call of fill(). */
const narrow = 16;

function fillPlane(
  plane: Uint8Array,
  stride: number,
  { left, top, right, bottom }: PixelRect,
  value: number,
): void {
  const end = bottom * stride;
  if (right - left > narrow) {
    for (let row = top * stride; row < end; row += stride) plane.fill(value, row + left, row + right);
    return;
  }
  for (let row = top * stride; row < end; row += stride) {
    for (let at = row + left; at < row + right; at++) plane[at] = value;
  }
}
