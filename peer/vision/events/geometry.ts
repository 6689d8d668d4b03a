import { type Point, turnOf } from '../../../protocol/polygon.ts';

/**
 * Whether a point lies within a polygon, by how often its edges pass to one side of it. Of one on an edge it says either.
 */
export function isWithin(points: readonly Point[], { x, y }: Point): boolean {
  let isInside = false;
  let a = points.at(-1) as Point;
  for (const b of points) {
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y)) isInside = !isInside;
    a = b;
  }
  return isInside;
}

/** How far a point is from the nearest edge of a closed polygon. */
export function distanceToEdges(points: readonly Point[], point: Point): number {
  let least = Number.POSITIVE_INFINITY;
  let a = points.at(-1) as Point;
  for (const b of points) {
    least = Math.min(least, distanceToSegment(a, b, point));
    a = b;
  }
  return least;
}

/** How far a point is from the nearest point between a and b. */
export function distanceToSegment(a: Point, b: Point, { x, y }: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / squared));
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy);
}

/**
 * How the way from a point to another crosses the line between `from` and `to`: 1 from its left to its right, -1 from
 * right to left, 0 not at all. What touches an end of the line crosses it; what ends on the line has come to one side of
 * it, the same whichever way the line points.
 */
export function crossingOf(from: Point, to: Point, before: Point, after: Point): -1 | 0 | 1 {
  const isTurned = to.x < from.x || (to.x === from.x && to.y < from.y);
  const [a, b] = isTurned ? [to, from] : [from, to];
  const isRight = turnOf(a, b, after) >= 0;
  if (turnOf(a, b, before) >= 0 === isRight) return 0;
  if (Math.sign(turnOf(before, after, a)) * Math.sign(turnOf(before, after, b)) > 0) return 0;
  return isRight === isTurned ? -1 : 1;
}
