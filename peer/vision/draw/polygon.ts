import type { I420Picture } from '../i420.ts';
import type { Colour } from '../palette.ts';
import { type Plane, planesOf, samplesOf } from './plane.ts';
import { applyTable, tintTable } from './tint.ts';

/** In luma pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Lays a colour over the inside of a polygon, by the even-odd rule, clipped at the picture: every sample whose middle
 * is inside. A polygon with a point that is none (NaN, Infinity) is left out.
 *
 * @param cover 0 lets the picture through, 255 hides it.
 */
export function fillPolygon(
  picture: I420Picture,
  points: readonly Point[],
  colour: Colour,
  cover: number,
): void {
  if (!points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) return;
  const samples = samplesOf(colour);
  for (const [index, plane] of planesOf(picture).entries()) {
    const scale = 1 / plane.subsampling;
    const scaled = points.map(({ x, y }) => ({ x: x * scale, y: y * scale }));
    fillPlane(plane, scaled, tintTable(samples[index] as number, cover));
  }
}

function fillPlane(
  { data, stride, width, height }: Plane,
  points: readonly Point[],
  table: Uint8Array,
): void {
  const ys = points.map(({ y }) => y);
  const last = Math.min(height, Math.ceil(Math.max(...ys)));
  for (let row = Math.max(0, Math.floor(Math.min(...ys))); row < last; row++) {
    const crossings = crossingsAt(points, row + 0.5);
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      const from = Math.max(0, Math.ceil((crossings[index] as number) - 0.5));
      const end = Math.min(width, Math.ceil((crossings[index + 1] as number) - 0.5));
      applyTable(data, row * stride + from, row * stride + end, table);
    }
  }
}

/** Where a row crosses the edges, from left to right: an even number, since each edge has its lower end alone. */
function crossingsAt(points: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  let a = points.at(-1);
  for (const b of points) {
    if (a && a.y <= y !== b.y <= y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    a = b;
  }
  return crossings.sort((left, right) => left - right);
}
