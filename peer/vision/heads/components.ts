import type { Keypoint } from '../../../protocol/detections.ts';

/** Pixels that hang together, corners included. */
export interface Component {
  readonly pixels: number;
  /** Of the values of all of them. */
  readonly sum: number;
  /** Corners of the outermost pixels of each row: all that its convex hull can touch. */
  readonly outline: readonly Keypoint[];
}

/** Pixels beside each other in one row, from `left` to before `right`. */
interface Stretch {
  readonly y: number;
  readonly left: number;
  readonly right: number;
  readonly sum: number;
  /** Another stretch of the same component, nearer to its root; itself at the root. */
  next: Stretch;
}

/**
 * What stands out of a map, row by row from the top left: each group of neighbouring pixels above a threshold.
 * Stretches of a row are joined with those that they touch in the row before (union-find), so a picture of lines costs
 * little more than looking at each pixel once.
 *
 * @param values width × height of them.
 */
export function components(
  values: Float32Array,
  width: number,
  height: number,
  threshold: number,
): Component[] {
  const all: Stretch[] = [];
  let before: Stretch[] = [];
  for (let y = 0; y < height; y++) {
    const row = stretches(values, y, width, threshold);
    join(before, row);
    for (const stretch of row) all.push(stretch);
    before = row;
  }
  const members = Map.groupBy(all, rootOf);
  return [...members.values()].map(toComponent);
}

function stretches(values: Float32Array, y: number, width: number, threshold: number): Stretch[] {
  const found: Stretch[] = [];
  const start = y * width;
  for (let x = 0; x < width; x++) {
    if (!((values[start + x] as number) > threshold)) continue;
    const left = x;
    let sum = 0;
    for (; x < width && (values[start + x] as number) > threshold; x++) sum += values[start + x] as number;
    found.push(newStretch(y, left, x, sum));
  }
  return found;
}

function newStretch(y: number, left: number, right: number, sum: number): Stretch {
  const stretch: Omit<Stretch, 'next'> & { next?: Stretch } = { y, left, right, sum };
  stretch.next = stretch as Stretch;
  return stretch as Stretch;
}

/** Both rows from left to right. */
function join(before: readonly Stretch[], row: readonly Stretch[]): void {
  let first = 0;
  for (const stretch of row) {
    while (first < before.length && (before[first] as Stretch).right < stretch.left) first++;
    for (let index = first; index < before.length; index++) {
      const above = before[index] as Stretch;
      if (above.left > stretch.right) break;
      rootOf(stretch).next = rootOf(above);
    }
  }
}

function rootOf(stretch: Stretch): Stretch {
  let at = stretch;
  while (at.next !== at) {
    // Halves the way for the next who asks
    at.next = at.next.next;
    at = at.next;
  }
  return at;
}

function toComponent(members: readonly Stretch[]): Component {
  const rows = new Map<number, { left: number; right: number }>();
  let pixels = 0;
  let sum = 0;
  for (const stretch of members) {
    pixels += stretch.right - stretch.left;
    sum += stretch.sum;
    const { left = stretch.left } = rows.get(stretch.y) ?? {};
    // They come from left to right.
    rows.set(stretch.y, { left, right: stretch.right });
  }
  return { pixels, sum, outline: [...rows].flatMap(cornersOf) };
}

function cornersOf([y, { left, right }]: [number, { left: number; right: number }]): Keypoint[] {
  return [
    { x: left, y },
    { x: right, y },
    { x: left, y: y + 1 },
    { x: right, y: y + 1 },
  ];
}
