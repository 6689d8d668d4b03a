import type { Keypoint } from '../../../protocol/detections.ts';

/** Pixels that hang together, corners included. */
export interface Component {
  readonly pixels: number;
  /** Of the values of all of them. */
  readonly sum: number;
  /** Corners of the outermost pixels of each row: all that its convex hull can touch. */
  readonly outline: readonly Keypoint[];
}

/**
 * What stands out of a map, row by row from the top left: each group of neighbouring pixels above a threshold.
 *
 * @param values width × height of them.
 */
export function components(
  values: Float32Array,
  width: number,
  height: number,
  threshold: number,
): Component[] {
  const isFree = Uint8Array.from(values, (value) => (value > threshold ? 1 : 0));
  const stack = new Int32Array(width * height);
  const found: Component[] = [];
  for (let start = isFree.indexOf(1); start !== -1; start = isFree.indexOf(1, start + 1)) {
    found.push(collect(start, values, width, height, isFree, stack));
  }
  return found;
}

/** Takes all pixels that hang together with the one at `start`. */
function collect(
  start: number,
  values: Float32Array,
  width: number,
  height: number,
  isFree: Uint8Array,
  stack: Int32Array,
): Component {
  const rows = new Map<number, [left: number, right: number]>();
  let [depth, pixels, sum] = [0, 0, 0];
  stack[depth++] = start;
  isFree[start] = 0;
  while (depth > 0) {
    const at = stack[--depth] as number;
    const x = at % width;
    const y = (at - x) / width;
    pixels++;
    sum += values[at] as number;
    widen(rows, y, x);
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const next = ny * width + nx;
        if (isFree[next] === 0) continue;
        isFree[next] = 0;
        stack[depth++] = next;
      }
    }
  }
  return { pixels, sum, outline: [...rows].flatMap(cornersOf) };
}

function widen(rows: Map<number, [number, number]>, y: number, x: number): void {
  const row = rows.get(y);
  if (!row) {
    rows.set(y, [x, x]);
    return;
  }
  if (x < row[0]) row[0] = x;
  if (x > row[1]) row[1] = x;
}

function cornersOf([y, [left, right]]: [number, [number, number]]): Keypoint[] {
  return [
    { x: left, y },
    { x: right + 1, y },
    { x: left, y: y + 1 },
    { x: right + 1, y: y + 1 },
  ];
}
