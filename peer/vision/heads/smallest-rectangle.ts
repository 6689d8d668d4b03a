import type { Keypoint } from '../../../protocol/detections.ts';
import type { Region } from '../region.ts';

/**
 * The turned rectangle of the smallest area that holds all the points; one of its sides lies along the convex hull
 * (Freeman and Shapira 1975). Turned by no more than 45° either way, so its width runs along the lines of a page.
 */
export function smallestRectangle(points: readonly Keypoint[]): Region {
  const hull = convexHull(points);
  let best: Region | undefined;
  for (const [index, from] of hull.entries()) {
    const to = hull[(index + 1) % hull.length] ?? from;
    const rectangle = rectangleAlong(Math.atan2(to.y - from.y, to.x - from.x), hull);
    if (!best || rectangle.width * rectangle.height < best.width * best.height) best = rectangle;
  }
  return upright(best ?? { centreX: 0, centreY: 0, width: 0, height: 0, angle: 0 });
}

function rectangleAlong(angle: number, points: readonly Keypoint[]): Region {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const along = points.map(({ x, y }) => x * cos + y * sin);
  const across = points.map(({ x, y }) => y * cos - x * sin);
  const [left, right, top, bottom] = [
    Math.min(...along),
    Math.max(...along),
    Math.min(...across),
    Math.max(...across),
  ];
  const [middle, centre] = [(left + right) / 2, (top + bottom) / 2];
  return {
    centreX: middle * cos - centre * sin,
    centreY: middle * sin + centre * cos,
    width: right - left,
    height: bottom - top,
    angle,
  };
}

/** The same rectangle, called by the turn of the four possible that is smallest. */
function upright(rectangle: Region): Region {
  const quarter = Math.PI / 2;
  const turns = Math.round(rectangle.angle / quarter);
  const angle = rectangle.angle - turns * quarter;
  const { width, height } = rectangle;
  return turns % 2 === 0 ? { ...rectangle, angle } : { ...rectangle, angle, width: height, height: width };
}

/** Andrew's monotone chain; the points of the hull in turn, none of them on a side. */
function convexHull(points: readonly Keypoint[]): Keypoint[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  const lower = chain(sorted);
  const upper = chain(sorted.toReversed());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function chain(points: readonly Keypoint[]): Keypoint[] {
  const kept: Keypoint[] = [];
  for (const point of points) {
    while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** Above 0 where the way from a over b to c turns one way, below 0 the other, 0 where it goes straight on. */
function turn(a: Keypoint | undefined, b: Keypoint | undefined, c: Keypoint): number {
  return a && b ? (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) : 1;
}
