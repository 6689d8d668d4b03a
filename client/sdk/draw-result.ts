import type { DetectedObject, Detections, Keypoint, MaskRuns } from '../../protocol/detections.ts';
import { bonesOf } from './bones.ts';

/** Points that a model is less sure of are left out. */
const SURE_POINT = 0.3;
/** Vivid, in the order of the classes, as the server begins. */
const colours = ['#2be85a', '#ffb020', '#3da5ff', '#ff5c7a', '#a04dff', '#ffee33', '#26e5ff', '#ff4ddb'];

/**
 * Draws a result on a canvas that lies over the video and is as large as its frame.
 *
 * @param context sizes follow its canvas, so that lines look the same at any resolution
 */
export function drawResult(context: CanvasRenderingContext2D, { objects, mask }: Detections): void {
  const { width, height } = context.canvas;
  const unit = Math.max(1, height / 240);
  if (mask) drawMask(context, mask);
  context.lineJoin = 'round';
  context.lineWidth = unit;
  for (const object of objects) {
    const colour = colourOf(object.classId);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    const { box, keypoints = [] } = object;
    const shown = keypoints.map((point) => toPixels(point, width, height));
    drawPoints(context, shown, unit);
    if (bonesOf(keypoints.length).length === 0) {
      context.strokeRect(box.x * width, box.y * height, box.width * width, box.height * height);
    }
    drawLabel(context, object, unit);
  }
}

/** Classes take colours again, but none that of the first: persons, mostly. */
function colourOf(classId: number): string {
  const index = classId === 0 ? 0 : 1 + ((classId - 1) % (colours.length - 1));
  return colours[index] ?? '';
}

type Pixel = { x: number; y: number } | null;

function toPixels({ x, y, score = 1 }: Keypoint, width: number, height: number): Pixel {
  return score < SURE_POINT ? null : { x: x * width, y: y * height };
}

function drawPoints(context: CanvasRenderingContext2D, points: readonly Pixel[], unit: number): void {
  context.beginPath();
  for (const chain of bonesOf(points.length)) {
    let before: Pixel = null;
    for (const index of chain) {
      const point: Pixel = points[index] ?? null;
      if (point && before) context.lineTo(point.x, point.y);
      else if (point) context.moveTo(point.x, point.y);
      before = point;
    }
  }
  context.stroke();
  const radius = points.length > 100 ? unit / 2 : unit * 1.5;
  context.beginPath();
  for (const point of points)
    if (point) context.rect(point.x - radius, point.y - radius, 2 * radius, 2 * radius);
  context.fill();
}

function drawLabel(context: CanvasRenderingContext2D, object: DetectedObject, unit: number): void {
  const { box, label, trackId, score, text } = object;
  const { width, height } = context.canvas;
  const words = text ?? [label, trackId, `${Math.round(score * 100)}%`].filter(Boolean).join(' ');
  const tall = 9 * unit;
  context.font = `600 ${7 * unit}px system-ui, sans-serif`;
  const wide = context.measureText(words).width + 4 * unit;
  const x = Math.min(Math.max(0, box.x * width), Math.max(0, width - wide));
  const y = Math.max(0, box.y * height - tall);
  context.fillRect(x, y, wide, tall);
  context.fillStyle = '#000';
  context.fillText(words, x + 2 * unit, y + 6.8 * unit);
}

function drawMask(context: CanvasRenderingContext2D, { width, height, runs }: MaskRuns): void {
  const small = new OffscreenCanvas(width, height);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  let at = 0;
  for (const [index, run] of runs.entries()) {
    if (index % 2 === 1) pixels.fill(0x60_5a_e8_2b, at, at + run); // ABGR
    at += run;
  }
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, context.canvas.width, context.canvas.height);
}
