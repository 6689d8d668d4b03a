import { Tracker } from '../../../../peer/vision/tracking/tracker.ts';
import type { Box, DetectedObject } from '../../../../protocol/detections.ts';

export const THRESHOLD = 0.4;

/** An object of 64 × 96 pixels in a picture of 640 × 480, its top left corner at these pixels. */
export function objectAt(x: number, y: number, changes: Partial<DetectedObject> = {}): DetectedObject {
  return { label: 'person', classId: 0, score: 0.8, box: boxAt(x, y), ...changes };
}

export function boxAt(x: number, y: number): Box {
  return { x: x / 640, y: y / 480, width: 0.1, height: 0.2 };
}

/** A tracker of pictures of 640 × 480, or of another size. */
export class Scene {
  readonly tracker = new Tracker();

  show(
    time: number,
    objects: readonly DetectedObject[],
    size = { width: 640, height: 480 },
  ): DetectedObject[] {
    return this.tracker.update({ objects, time, ...size, threshold: THRESHOLD });
  }

  /** Shows the same objects ten times a second, in [from, to]. */
  hold(from: number, to: number, objects: readonly DetectedObject[]): DetectedObject[] {
    let seen: DetectedObject[] = [];
    for (let turn = Math.round(from * 10); turn <= Math.round(to * 10); turn++)
      seen = this.show(turn / 10, objects);
    return seen;
  }
}

export function idsOf(objects: readonly DetectedObject[]): (number | undefined)[] {
  return objects.map(({ trackId }) => trackId);
}

/** Corners in pixels, from the left. */
export function leftsOf(objects: readonly DetectedObject[]): number[] {
  return objects.map(({ box }) => Math.round(box.x * 640)).sort((a, b) => a - b);
}
