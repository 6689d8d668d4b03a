import type { I420Picture } from '../i420.ts';

/** One plane of a {@link Sprite}. */
export interface SpritePlane {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
  /** 0 lets the picture through, 255 covers it. */
  readonly alpha: Uint8Array;
  /** Whether every alpha of a row is 255: such a row is copied at once. */
  readonly opaqueRows: readonly boolean[];
}

/** A small picture that is blended into another: width and height are even, chroma has half of each. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly [y: SpritePlane, u: SpritePlane, v: SpritePlane];
}

/** Puts samples and alpha together. Both are width × height, rows without a gap. */
export function spritePlane(
  width: number,
  height: number,
  samples: Uint8Array,
  alpha: Uint8Array,
): SpritePlane {
  const opaqueRows = Array.from({ length: height }, (_, row) =>
    isOpaque(alpha, row * width, (row + 1) * width),
  );
  return { width, height, samples, alpha, opaqueRows };
}

function isOpaque(alpha: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (alpha[at] !== 255) return false;
  return true;
}

/** Blends a sprite into a picture, clipped at the picture's edges. `left` and `top` are even and may be negative. */
export function drawSprite(picture: I420Picture, sprite: Sprite, left: number, top: number): void {
  const { width, height, planes, strides } = picture;
  const chromaWidth = Math.ceil(width / 2);
  const chromaHeight = Math.ceil(height / 2);
  drawPlane({ plane: planes[0], stride: strides[0], width, height }, sprite.planes[0], left, top);
  for (const index of [1, 2] as const) {
    const target = { plane: planes[index], stride: strides[index], width: chromaWidth, height: chromaHeight };
    drawPlane(target, sprite.planes[index], left / 2, top / 2);
  }
}

interface Target {
  readonly plane: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** Samples in a row below which a loop is quicker than a call of set(): most pieces of a label are one digit wide. */
const narrow = 24;

function drawPlane(target: Target, sprite: SpritePlane, left: number, top: number): void {
  const firstColumn = Math.max(0, -left);
  const columns = Math.min(sprite.width, target.width - left) - firstColumn;
  const lastRow = Math.min(sprite.height, target.height - top);
  if (columns <= 0) return;
  for (let row = Math.max(0, -top); row < lastRow; row++) {
    const from = row * sprite.width + firstColumn;
    const to = (top + row) * target.stride + left + firstColumn;
    if (!sprite.opaqueRows[row]) blendRow(target.plane, to, sprite, from, columns);
    else if (columns > narrow) target.plane.set(sprite.samples.subarray(from, from + columns), to);
    else copyRow(target.plane, to, sprite.samples, from, columns);
  }
}

// drawPlane() has clipped the row to both planes, so the indexed reads always find a number.

function copyRow(plane: Uint8Array, to: number, samples: Uint8Array, from: number, columns: number): void {
  for (let column = 0; column < columns; column++) plane[to + column] = samples[from + column] as number;
}

function blendRow(
  plane: Uint8Array,
  to: number,
  { samples, alpha }: SpritePlane,
  from: number,
  columns: number,
): void {
  for (let column = 0; column < columns; column++) {
    const cover = alpha[from + column] as number;
    const below = plane[to + column] as number;
    plane[to + column] = mix(below, samples[from + column] as number, cover);
  }
}

/** The sample between two: `cover` 0 gives the first, 255 the second. */
export function mix(below: number, above: number, cover: number): number {
  return Math.round((below * (255 - cover) + above * cover) / 255);
}
