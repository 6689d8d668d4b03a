import type { I420Picture } from '../i420.ts';
import { colourOf } from '../palette.ts';
import { captionOf, drawCaption, fitSideways } from './caption.ts';
import { drawLine } from './line.ts';
import { fillPolygon, type Point } from './polygon.ts';

/** A polygon or a line to be drawn, in fractions of the frame. */
export type DrawnZone = {
  readonly name: string;
  /** How many are inside, or have crossed. */
  readonly count: number;
} & ({ readonly points: readonly Point[] } | { readonly from: Point; readonly to: Point });

/** Enough to see which side is inside, little enough to see what happens there; 255 would hide it. */
const fillCover = 51;
/** The palette's yellow, which no common class of street or room has. */
const colour = colourOf(5);

/**
 * Draws a zone: a polygon as an outline and a tint, a line as it is; its name and count at the first point from the top.
 * Points that are none (NaN, Infinity) are left out with what hangs on them.
 *
 * @param thickness of the outline in pixels.
 * @param textSize in pixels; below 1 there is no label.
 */
export function drawZone(picture: I420Picture, zone: DrawnZone, thickness: number, textSize: number): void {
  const points = ('points' in zone ? zone.points : [zone.from, zone.to]).map(({ x, y }) => {
    return { x: x * picture.width, y: y * picture.height };
  });
  if ('points' in zone) fillPolygon(picture, points, colour, fillCover);
  let last = 'points' in zone ? points.at(-1) : undefined;
  for (const point of points) {
    if (last) drawLine(picture, last.x, last.y, point.x, point.y, colour, thickness);
    last = point;
  }
  if (textSize >= 1) drawName(picture, zone, points, textSize);
}

function drawName(
  picture: I420Picture,
  { name, count }: DrawnZone,
  points: readonly Point[],
  size: number,
): void {
  const first = points.reduce<Point | undefined>(
    (top, point) => (top && top.y <= point.y ? top : point),
    undefined,
  );
  if (!(first && Number.isFinite(first.x) && Number.isFinite(first.y))) return;
  const caption = captionOf(name, [`${count}`], { colour, size, side: 'inside' });
  const last = Math.floor((picture.height - caption.height) / 2) * 2;
  const top = Math.max(0, Math.min(Math.round(first.y / 2) * 2, last));
  drawCaption(picture, caption, fitSideways(picture, caption, first.x), top);
}
