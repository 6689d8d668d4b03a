import type { I420Picture } from '../i420.ts';
import type { Colour } from '../palette.ts';
import { type Plane, planesOf, samplesOf } from './plane.ts';

/** Positions further out than this are not of a picture, and their squares would lose the pixels. */
const farthest = 2 ** 20;

/**
 * Draws a straight line with round ends, smooth at its edges, clipped at the picture. Both ends at one place give a
 * disc. What is not a line (NaN, Infinity, no thickness, a million pixels away) is left out.
 *
 * @param x0 in luma pixels from the left edge of the picture: the middle of the first pixel is 0.5. So are the others.
 * @param thickness in luma pixels; in chroma the line is as thick, so at 2 and above no part of it lacks its colour.
 */
export function drawLine(
  picture: I420Picture,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  colour: Colour,
  thickness: number,
): void {
  const reach = Math.max(Math.abs(x0), Math.abs(y0), Math.abs(x1), Math.abs(y1));
  if (!(reach <= farthest && thickness > 0 && thickness <= farthest)) return;
  const samples = samplesOf(colour);
  for (const [index, plane] of planesOf(picture).entries()) {
    const scale = 1 / plane.subsampling;
    drawCapsule(plane, {
      x: x0 * scale,
      y: y0 * scale,
      alongX: (x1 - x0) * scale,
      alongY: (y1 - y0) * scale,
      radius: (thickness / 2) * scale,
      value: samples[index] as number,
    });
  }
}

/** All points within a radius of a segment, in samples of a plane. */
interface Capsule {
  readonly x: number;
  readonly y: number;
  /** From the first end to the second. */
  readonly alongX: number;
  readonly alongY: number;
  readonly radius: number;
  readonly value: number;
}

function drawCapsule(plane: Plane, capsule: Capsule): void {
  const { x, y, alongX, alongY, radius } = capsule;
  // A sample is covered wholly half a sample within the edge, and not at all half a sample beyond it.
  const outer = radius + 0.5;
  const left = Math.max(0, Math.floor(Math.min(x, x + alongX) - outer));
  const right = Math.min(plane.width, Math.ceil(Math.max(x, x + alongX) + outer));
  const top = Math.max(0, Math.floor(Math.min(y, y + alongY) - outer));
  const bottom = Math.min(plane.height, Math.ceil(Math.max(y, y + alongY) + outer));
  // How far to each side of the middle a row meets the line, were it without ends; all the way where it lies flat.
  const steep = Math.abs(alongY) > Math.abs(alongX) / 64;
  const half = steep ? (outer * Math.hypot(alongX, alongY)) / Math.abs(alongY) : 0;
  const slope = steep ? alongX / alongY : 0;
  for (let row = top; row < bottom; row++) {
    const middle = x + (row + 0.5 - y) * slope;
    const from = steep ? Math.max(left, Math.floor(middle - half)) : left;
    const end = steep ? Math.min(right, Math.ceil(middle + half)) : right;
    drawRow(plane, row, from, end, capsule);
  }
}

// drawCapsule() has clipped the row to the plane, so the indexed reads always find a number.
function drawRow({ data, stride }: Plane, row: number, from: number, end: number, capsule: Capsule): void {
  const { alongX, alongY, radius, value } = capsule;
  const outer = radius + 0.5;
  const solid = Math.max(0, radius - 0.5) ** 2;
  const length2 = alongX * alongX + alongY * alongY;
  const perLength2 = length2 > 0 ? 1 / length2 : 0;
  const dy = row + 0.5 - capsule.y;
  let at = row * stride + from;
  for (let dx = from + 0.5 - capsule.x; dx < end - capsule.x; dx++, at++) {
    const share = Math.min(1, Math.max(0, (dx * alongX + dy * alongY) * perLength2));
    const awayX = dx - share * alongX;
    const awayY = dy - share * alongY;
    const away2 = awayX * awayX + awayY * awayY;
    if (away2 >= outer * outer) continue;
    const below = data[at] as number;
    // A line thinner than a sample covers no more of it than its thickness.
    const cover =
      away2 <= solid ? Math.min(1, 2 * radius) : Math.min(1, 2 * radius, outer - Math.sqrt(away2));
    data[at] = Math.round(below + (value - below) * cover);
  }
}
