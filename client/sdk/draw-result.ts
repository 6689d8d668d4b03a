import { SURE_POINT, skeletonOf } from '../../protocol/bones.ts';
import type { DetectedObject, Detections, Keypoint, MaskRuns } from '../../protocol/detections.ts';
import { classColour } from '../../protocol/palette.ts';

/** More classes of the whole frame would cover the picture. */
const MAX_CLASSES = 5;
/** Of the tint of a mask, 0 to 255. */
const MASK_ALPHA = 0x60;

/**
 * Draws a result on a canvas that is as large as the frame, as the server would.
 *
 * @param context sizes follow its canvas, so that lines look the same at any resolution
 */
export function drawResult(context: CanvasRenderingContext2D, { objects, mask, task }: Detections): void {
  const unit = Math.max(1, context.canvas.height / 240);
  if (mask) drawMask(context, mask);
  context.lineJoin = 'round';
  context.lineWidth = unit;
  if (task === 'classify') listClasses(context, objects, unit);
  // The first, the surest, on top.
  else for (const object of objects.toReversed()) drawObject(context, object, unit);
}

function drawObject(context: CanvasRenderingContext2D, object: DetectedObject, unit: number): void {
  const { width, height } = context.canvas;
  const { box, keypoints = [], classId } = object;
  context.strokeStyle = hex(classColour(classId).rgb);
  if (!skeletonOf(keypoints.length)) {
    context.strokeRect(box.x * width, box.y * height, box.width * width, box.height * height);
  }
  drawSkeleton(context, keypoints, unit);
  const tall = 9 * unit;
  drawLabel(context, object, { x: box.x * width, y: Math.max(0, box.y * height - tall) }, unit);
}

type Pixel = { readonly x: number; readonly y: number };

function drawSkeleton(context: CanvasRenderingContext2D, points: readonly Keypoint[], unit: number): void {
  const { width, height } = context.canvas;
  const { chains, joints } = skeletonOf(points.length) ?? { chains: [], joints: true };
  const sure = points.map(({ x, y, score = 1 }): Pixel | null =>
    score < SURE_POINT ? null : { x: x * width, y: y * height },
  );
  context.lineWidth = joints ? unit : Math.max(1, unit / 2);
  context.beginPath();
  for (const chain of chains) traceChain(context, sure, chain);
  context.stroke();
  context.lineWidth = unit;
  if (!joints) return;
  context.fillStyle = '#fff';
  context.beginPath();
  for (const point of sure) if (point) context.rect(point.x - unit, point.y - unit, 2 * unit, 2 * unit);
  context.fill();
}

function traceChain(
  context: CanvasRenderingContext2D,
  points: readonly (Pixel | null)[],
  chain: readonly number[],
): void {
  let before: Pixel | null = null;
  for (const index of chain) {
    const point: Pixel | null = points[index] ?? null;
    if (point && before) context.lineTo(point.x, point.y);
    else if (point) context.moveTo(point.x, point.y);
    before = point;
  }
}

function listClasses(
  context: CanvasRenderingContext2D,
  classes: readonly DetectedObject[],
  unit: number,
): void {
  for (const [line, object] of classes.slice(0, MAX_CLASSES).entries()) {
    drawLabel(context, object, { x: 0, y: line * 9 * unit }, unit);
  }
}

function drawLabel(
  context: CanvasRenderingContext2D,
  { label, trackId, score, text, classId }: DetectedObject,
  at: Pixel,
  unit: number,
): void {
  const words = text ?? [label, trackId, `${Math.round(score * 100)}%`].filter(Boolean).join(' ');
  const { rgb, ink } = classColour(classId);
  context.font = `600 ${7 * unit}px system-ui, sans-serif`;
  const wide = context.measureText(words).width + 4 * unit;
  const x = Math.min(Math.max(0, at.x), Math.max(0, context.canvas.width - wide));
  context.fillStyle = hex(rgb);
  context.fillRect(x, at.y, wide, 9 * unit);
  context.fillStyle = ink;
  context.fillText(words, x + 2 * unit, at.y + 6.8 * unit);
}

function drawMask(context: CanvasRenderingContext2D, { width, height, runs }: MaskRuns): void {
  const small = new OffscreenCanvas(width, height);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const { rgb } = classColour(0);
  const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
  const tint = ((MASK_ALPHA << 24) | (blue << 16) | (green << 8) | red) >>> 0; // ABGR
  let at = 0;
  for (const [index, run] of runs.entries()) {
    if (index % 2 === 1) pixels.fill(tint, at, at + run);
    at += run;
  }
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, context.canvas.width, context.canvas.height);
}

function hex(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, '0')}`;
}
