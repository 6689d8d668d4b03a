/**
 * The lap that a picture makes in the film of the frame-exact tests: round a rectangle, one step a frame, so that where it
 * is tells which frame it is in. 640×480, below the barcode.
 */
const ACROSS = 42;
const DOWN = 8;
/** Pixels; even, as chroma subsampling wants it. 360 pixels a second at 30 frames a second. */
const STEP = 12;
const LEFT = 8;
const TOP = 176;

/** Frames of one lap. */
export const LAP = 2 * (ACROSS + DOWN);

export interface Place {
  readonly x: number;
  readonly y: number;
}

export type Leg = 'right' | 'left' | 'down' | 'up';

/** Top left corner of the picture, in pixels. @param frame any number; between two frames it is between their places */
export function placeAt(frame: number): Place {
  const at = ((frame % LAP) + LAP) % LAP;
  const right = Math.min(at, ACROSS);
  const down = Math.min(Math.max(at - ACROSS, 0), DOWN);
  const left = Math.min(Math.max(at - ACROSS - DOWN, 0), ACROSS);
  const up = Math.max(at - 2 * ACROSS - DOWN, 0);
  return { x: LEFT + STEP * (right - left), y: TOP + STEP * (down - up) };
}

/** Where the lap goes from a frame on. */
export function legAt(frame: number): Leg {
  const at = ((frame % LAP) + LAP) % LAP;
  if (at < ACROSS) return 'right';
  if (at < ACROSS + DOWN) return 'down';
  return at < 2 * ACROSS + DOWN ? 'left' : 'up';
}
