import type { DetectedObject } from '../../../protocol/detections.ts';
import type { Mask } from '../found.ts';
import type { Letterbox } from '../letterbox.ts';

/** A pixel is covered from half of the way on. */
const COVERED = 128;
/** A smaller share of the frame is a speck, not a thing. */
const LEAST_SHARE = 0.002;

/** The part of a mask that shows the frame: a letterbox leaves padding beside or below it. */
export function cropMask(mask: Mask, { scaledWidth: width, scaledHeight: height }: Letterbox): Mask {
  if (width === mask.width && height === mask.height) return mask;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    data.set(mask.data.subarray(y * mask.width, y * mask.width + width), y * width);
  }
  return { width, height, data };
}

/**
 * What a mask covers, as one object: its box holds every covered pixel, its score is the mean of them. Undefined where
 * next to nothing is covered.
 */
export function maskObject({ width, height, data }: Mask, label: string): DetectedObject | undefined {
  let [left, top, right, bottom, covered, sum] = [width, height, 0, 0, 0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const value = data[at] as number;
      if (value < COVERED) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
      covered++;
      sum += value;
    }
  }
  if (covered < Math.max(1, LEAST_SHARE * width * height)) return undefined;
  const box = {
    x: left / width,
    y: top / height,
    width: (right - left) / width,
    height: (bottom - top) / height,
  };
  return { label, classId: 0, score: sum / covered / 255, box };
}
