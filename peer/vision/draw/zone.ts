import type { I420Picture } from '../i420.ts';
import { colourOf } from '../palette.ts';
import { captionOf, drawCaption, fitSideways } from './caption.ts';
import type { LabelPlaces } from './label-places.ts';
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

/** How a zone looks. */
export interface ZoneStyle {
  /** Of the outline in pixels. */
  readonly thickness: number;
  /** In pixels; below 1 there is no label. */
  readonly textSize: number;
  /** Of the labels of the picture. */
  readonly places: LabelPlaces;
}

/**
 * Draws a zone: a polygon as an outline and a tint, a line as it is; its name and count at the first point from the top.
 * Points that are none (NaN, Infinity) are left out with what hangs on them.
 */
export function drawZone(picture: I420Picture, zone: DrawnZone, style: ZoneStyle): void {
  const points = ('points' in zone ? zone.points : [zone.from, zone.to]).map(({ x, y }) => {
    return { x: x * picture.width, y: y * picture.height };
  });
  if ('points' in zone) fillPolygon(picture, points, colour, fillCover);
  let last = 'points' in zone ? points.at(-1) : undefined;
  for (const point of points) {
    if (last) drawLine(picture, last.x, last.y, point.x, point.y, colour, style.thickness);
    last = point;
  }
  if (style.textSize >= 1) drawName(picture, zone, points, style);
}

function drawName(
  picture: I420Picture,
  { name, count }: DrawnZone,
  points: readonly Point[],
  { textSize: size, places }: ZoneStyle,
): void {
  const first = points.reduce<Point | undefined>(
    (top, point) => (top && top.y <= point.y ? top : point),
    undefined,
  );
  if (!(first && Number.isFinite(first.x) && Number.isFinite(first.y))) return;
  const caption = captionOf(name, [`${count}`], { colour, size, side: 'inside' });
  const last = Math.floor((picture.height - caption.height) / 2) * 2;
  const top = Math.max(0, Math.min(Math.round(first.y / 2) * 2, last));
  const left = fitSideways(picture, caption, first.x);
  const place = { left, top, right: left + caption.width, bottom: top + caption.height };
  drawCaption(picture, caption, left, places.take(place));
}
