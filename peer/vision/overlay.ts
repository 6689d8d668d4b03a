import { skeletonOf } from '../../protocol/bones.ts';
import type { DetectedObject } from '../../protocol/detections.ts';
import { captionOf, captionOfText, drawCaption, fitSideways } from './draw/caption.ts';
import type { LabelSide } from './draw/label.ts';
import { LabelPlaces } from './draw/label-places.ts';
import type { Band } from './draw/mask-spans.ts';
import { tintMask } from './draw/mask-tint.ts';
import { type PixelRect, toPixelRect } from './draw/pixel-rect.ts';
import { drawRectangle } from './draw/rectangle.ts';
import { drawSkeleton } from './draw/skeleton.ts';
import { type DrawnZone, drawZone } from './draw/zone.ts';
import type { Mask } from './found.ts';
import type { I420Picture } from './i420.ts';
import { colourOf } from './palette.ts';

/** How boxes and labels look; what is left out suits the height of the picture. */
export interface OverlayStyle {
  /** Pixels of an outline, rounded to the next even number. */
  readonly thickness?: number;
  /** Size of the text in pixels; 0 draws no labels. */
  readonly textSize?: number;
}

/** What is drawn over a picture. */
export interface Overlay {
  readonly objects: readonly DetectedObject[];
  readonly mask?: Mask;
  readonly zones?: readonly DrawnZone[];
  /** Classes of the whole frame, by falling score: listed in the corner. */
  readonly classes?: readonly DetectedObject[];
}

/** More would cover the picture. */
const maxClasses = 5;

/**
 * Draws what was found into a picture: the mask as a tint, zones, boxes or skeletons, texts that were read, labels. The
 * first object is drawn last, so the surest one lies on top where objects are sorted by score; its label has the first
 * choice of a place as well, after those of zones. What is not a box, or lies outside the picture, is left out; it never
 * throws.
 */
export function drawFound(picture: I420Picture, found: Overlay, style: OverlayStyle = {}): void {
  const thickness = Math.max(2, Math.ceil((style.thickness ?? picture.height / 240) / 2) * 2);
  const textSize = style.textSize ?? suitableTextSize(picture.height);
  if (found.mask) drawMask(picture, found.mask);
  const places = new LabelPlaces(picture);
  for (const zone of found.zones ?? []) drawZone(picture, zone, { thickness, textSize, places });
  const placed = found.objects.flatMap((object) => {
    const rect = toPixelRect(object.box, picture);
    return rect ? [{ object, rect }] : [];
  });
  for (const { object, rect } of placed.toReversed()) drawShape(picture, object, rect, thickness);
  if (textSize < 1) return;
  const labels = placed.map(({ object, rect }) => labelOf(picture, object, rect, { textSize, places }));
  for (const { drawn, left, top } of labels.toReversed()) drawCaption(picture, drawn, left, top);
  listClasses(picture, found.classes ?? [], textSize);
}

/** Draws the mask alone, in all rows or a band of them: where a picture is so large that it takes long. */
export function drawMask(picture: I420Picture, mask: Mask, band?: Band): void {
  tintMask(picture, mask, colourOf(0), band);
}

/** 16 pixels at 480 rows, 22 at 720, 31 at 1080. */
function suitableTextSize(height: number): number {
  return Math.min(48, Math.round(4 + height / 40));
}

/** The skeleton where the object has one, else its box, with its points where there are some. */
function drawShape(picture: I420Picture, object: DetectedObject, rect: PixelRect, thickness: number): void {
  const { keypoints = [], classId } = object;
  const colour = colourOf(classId);
  if (!skeletonOf(keypoints.length)) drawRectangle(picture, rect, colour, thickness);
  drawSkeleton(picture, keypoints, colour, thickness);
}

interface LabelStyle {
  readonly textSize: number;
  readonly places: LabelPlaces;
}

/** The label of an object, in a place of its own. */
function labelOf(
  picture: I420Picture,
  object: DetectedObject,
  rect: PixelRect,
  { textSize, places }: LabelStyle,
) {
  const above = caption(object, textSize, 'above');
  const isRoomAbove = rect.top >= above.height;
  const drawn = isRoomAbove ? above : caption(object, textSize, 'inside');
  const left = fitSideways(picture, drawn, rect.left);
  const top = isRoomAbove ? rect.top - above.height : Math.max(0, rect.top);
  const wanted = { left, top, right: left + drawn.width, bottom: top + drawn.height };
  return { drawn, left, top: places.take(wanted) };
}

function listClasses(picture: I420Picture, classes: readonly DetectedObject[], textSize: number): void {
  let top = 0;
  for (const object of classes.slice(0, maxClasses)) {
    const line = caption(object, textSize, 'inside');
    drawCaption(picture, line, 0, top);
    top += line.height;
  }
}

/** What was read, or the name of the class, the id of the track and the score. */
function caption({ label, classId, score, text, trackId }: DetectedObject, size: number, side: LabelSide) {
  const style = { colour: colourOf(classId), size, side };
  if (text !== undefined) return captionOfText(text, style);
  const id = trackId === undefined ? [] : [`${trackId}`];
  return captionOf(label, [...id, `${Math.round(score * 100)}%`], style);
}
