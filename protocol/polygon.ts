/** A place in fractions of the frame, origin top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Twice the area of the triangle a, b, c; positive where c lies to the right of the way from a to b, as it is seen in
 * the picture, negative to the left, 0 on the way or before or behind it.
 */
export function turnOf(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** The area within a polygon that does not cross itself, as a share of the frame. */
export function areaOf(points: readonly Point[]): number {
  const first = points[0];
  if (first === undefined) return 0;
  let doubled = 0;
  for (const [a, b] of edgesOf(points)) doubled += turnOf(first, a, b);
  return Math.abs(doubled) / 2;
}

/**
 * Two edges of a closed polygon that are no neighbours and meet; edge i begins at point i. Neighbours that lie on each
 * other are found by those before or after them, unless the polygon is a triangle, which then has no area.
 */
export function findTouchingEdges(points: readonly Point[]): [number, number] | undefined {
  const edges = edgesOf(points);
  const last = edges.length - 1;
  for (const [i, edge] of edges.entries()) {
    for (let j = i + 2; j <= last; j++) {
      const areNeighbours = i === 0 && j === last;
      if (!areNeighbours && doMeet(edge, edges[j] as Edge)) return [i, j];
    }
  }
  return undefined;
}

type Edge = readonly [Point, Point];

function edgesOf(points: readonly Point[]): Edge[] {
  return points.map((point, i) => [point, points[(i + 1) % points.length] as Point]);
}

function doMeet([a, b]: Edge, [c, d]: Edge): boolean {
  // Where all four lie on one straight line, this alone decides.
  if (!doOverlap(a.x, b.x, c.x, d.x) || !doOverlap(a.y, b.y, c.y, d.y)) return false;
  return (
    Math.sign(turnOf(a, b, c)) * Math.sign(turnOf(a, b, d)) <= 0 &&
    Math.sign(turnOf(c, d, a)) * Math.sign(turnOf(c, d, b)) <= 0
  );
}

function doOverlap(a: number, b: number, c: number, d: number): boolean {
  return Math.max(a, b) >= Math.min(c, d) && Math.max(c, d) >= Math.min(a, b);
}
