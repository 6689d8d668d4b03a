import type { Keypoint } from '../../protocol/detections.ts';
import type { Letterbox } from './letterbox.ts';

/** A rectangle of a picture, in its pixels; it may be turned, and reach over the edges. */
export interface Region {
  readonly centreX: number;
  readonly centreY: number;
  readonly width: number;
  readonly height: number;
  /** Radians, clockwise as one sees it. */
  readonly angle: number;
}

/**
 * Where a point of a network's input lies in the picture that the input shows a region of.
 *
 * @param geometry how the region lay in the network's input.
 */
export function toPicture<Point extends Keypoint>(point: Point, region: Region, geometry: Letterbox): Point {
  const { centreX, centreY, angle } = region;
  const along = (point.x / geometry.scaledWidth - 0.5) * region.width;
  const across = (point.y / geometry.scaledHeight - 0.5) * region.height;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    ...point,
    x: centreX + along * cos - across * sin,
    y: centreY + along * sin + across * cos,
  };
}
