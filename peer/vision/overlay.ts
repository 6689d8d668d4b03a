import type { DetectedObject } from '../../protocol/detections.ts';
import { drawLabel, type LabelSide } from './draw/label.ts';
import { Lru } from './draw/lru.ts';
import { type PixelRect, toPixelRect } from './draw/pixel-rect.ts';
import { drawRectangle } from './draw/rectangle.ts';
import { drawSprite, type Sprite } from './draw/sprite.ts';
import type { I420Picture } from './i420.ts';
import { colourOf } from './palette.ts';

/** How boxes and labels look; what is left out suits the height of the picture. */
export interface OverlayStyle {
  /** Pixels of an outline, rounded to the next even number. */
  readonly thickness?: number;
  /** Size of the text in pixels; 0 draws no labels. */
  readonly textSize?: number;
}

/** Labels as they were last drawn, for all sessions together, some 7 MB: in a scene of a dozen classes each is written once. */
const sprites = new Lru<Sprite>(1024);

/**
 * Draws boxes and labels into a picture. The first object is drawn last, so the surest one lies on top where objects
 * are sorted by score. What is not a box, or lies outside the picture, is left out; it never throws.
 */
export function drawDetections(
  picture: I420Picture,
  objects: readonly DetectedObject[],
  style: OverlayStyle = {},
): void {
  const thickness = Math.max(2, Math.ceil((style.thickness ?? picture.height / 240) / 2) * 2);
  const textSize = style.textSize ?? suitableTextSize(picture.height);
  const drawn = objects.toReversed().flatMap((object) => {
    const rect = toPixelRect(object.box, picture);
    return rect ? [{ object, rect }] : [];
  });
  for (const { object, rect } of drawn) drawRectangle(picture, rect, colourOf(object.classId), thickness);
  if (textSize < 1) return;
  for (const { object, rect } of drawn) labelObject(picture, object, rect, textSize);
}

/** 16 pixels at 480 rows, 22 at 720, 31 at 1080. */
function suitableTextSize(height: number): number {
  return Math.min(48, Math.round(4 + height / 40));
}

function labelObject(picture: I420Picture, object: DetectedObject, rect: PixelRect, textSize: number): void {
  const above = labelSprite(object, textSize, 'above');
  const isRoomAbove = rect.top >= above.height;
  const sprite = isRoomAbove ? above : labelSprite(object, textSize, 'inside');
  const top = isRoomAbove ? rect.top - above.height : Math.max(0, rect.top);
  const lastLeft = Math.floor((picture.width - sprite.width) / 2) * 2;
  drawSprite(picture, sprite, Math.max(0, Math.min(rect.left, lastLeft)), top);
}

function labelSprite({ label, classId, score }: DetectedObject, textSize: number, side: LabelSide): Sprite {
  const text = `${label} ${Math.round(score * 100)}%`;
  return sprites.get(`${textSize} ${side} ${classId} ${text}`, () =>
    drawLabel(text, colourOf(classId), textSize, side),
  );
}
