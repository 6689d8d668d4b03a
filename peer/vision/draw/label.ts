import type { Colour } from '../palette.ts';
import { mix, type Sprite, spritePlane } from './sprite.ts';
import { type TextLine, writeText } from './text.ts';

/** Which side of a label lies on its box, and so keeps its corners: the other side is rounded. */
export type LabelSide = 'above' | 'inside';

/** Which ends of a label are its own: there it has a margin and a round corner. At the others a piece goes on. */
export type LabelEnds = 'both' | 'left' | 'right' | 'none';

/** Longer texts are cut, so that no label is larger than a few kilobytes. */
const maxCharacters = 48;

const neutralChroma = 128;

/**
 * Draws a label, or a piece of one: text in black or white on a background of the given colour.
 *
 * @param size of the text in pixels.
 */
export function drawLabel(
  text: string,
  colour: Colour,
  size: number,
  side: LabelSide,
  ends: LabelEnds = 'both',
): Sprite {
  const line = writeText(Array.from(text).slice(0, maxCharacters).join(''), size);
  const [isLeft, isRight] = [ends === 'both' || ends === 'left', ends === 'both' || ends === 'right'];
  const margin = Math.round(size * 0.3);
  // The line has a pixel to spare, which a piece between two others goes without: digits stand as close as if they
  // were written together.
  const written = ends === 'both' ? line.width : line.width - 1;
  const width = even(written + (isLeft ? margin : 0) + (isRight ? margin : 0), isLeft || isRight);
  const height = even(line.capHeight * 1.75, true);
  const left = isLeft ? Math.floor((width - written) / (isRight ? 2 : 1)) : 0;
  const ink = place(line, left, width, height);
  const alpha = roundedCorners(width, height, Math.round(size / 4), side, { isLeft, isRight });
  const halfInk = halve(ink, width, height);
  const halfAlpha = halve(alpha, width, height);
  const chroma = (value: number) =>
    spritePlane(width / 2, height / 2, tint(halfInk, value, neutralChroma), halfAlpha);
  const luma = spritePlane(width, height, tint(ink, colour.y, colour.ink), alpha);
  return { width, height, planes: [luma, chroma(colour.u), chroma(colour.v)] };
}

/** Samples between the background and the ink, by how much of each is ink. */
function tint(ink: Uint8Array, background: number, foreground: number): Uint8Array {
  const samples = new Uint8Array(ink.length);
  for (let at = 0; at < ink.length; at++) samples[at] = mix(background, foreground, ink[at] as number);
  return samples;
}

/** The next even number, or the nearest. */
function even(value: number, up: boolean): number {
  return 2 * (up ? Math.ceil(value / 2) : Math.max(1, Math.round(value / 2)));
}

/** Puts a line on the background: sideways where told, upright by its capitals. What reaches over it is cut. */
function place(line: TextLine, left: number, width: number, height: number): Uint8Array {
  const columns = Math.min(line.width, width - left);
  const top = Math.floor((height - line.capHeight) / 2) - (line.baseline - line.capHeight);
  const ink = new Uint8Array(width * height);
  const lastRow = Math.min(line.height, height - top);
  for (let row = Math.max(0, -top); row < lastRow; row++) {
    ink.set(line.data.subarray(row * line.width, row * line.width + columns), (top + row) * width + left);
  }
  return ink;
}

/** Opaque but for corners away from the box, cut by how much of each pixel a quarter of a circle covers. */
function roundedCorners(
  width: number,
  height: number,
  radius: number,
  side: LabelSide,
  { isLeft, isRight }: { isLeft: boolean; isRight: boolean },
): Uint8Array {
  const alpha = new Uint8Array(width * height).fill(255);
  for (let row = 0; row < radius; row++) {
    const y = side === 'above' ? row : height - 1 - row;
    for (let column = 0; column < radius; column++) {
      const distance = Math.hypot(radius - row - 0.5, radius - column - 0.5);
      const cover = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - distance)));
      if (isLeft) alpha[y * width + column] = cover;
      if (isRight) alpha[y * width + width - 1 - column] = cover;
    }
  }
  return alpha;
}

/** Averages 2×2 pixels, as chroma is. */
function halve(full: Uint8Array, width: number, height: number): Uint8Array {
  const half = new Uint8Array((width / 2) * (height / 2));
  let to = 0;
  for (let y = 0; y < height; y += 2) {
    for (let at = y * width; at < (y + 1) * width; at += 2) {
      const upper = (full[at] as number) + (full[at + 1] as number);
      const lower = (full[at + width] as number) + (full[at + width + 1] as number);
      half[to++] = Math.round((upper + lower) / 4);
    }
  }
  return half;
}
