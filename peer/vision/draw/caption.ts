import type { I420Picture } from '../i420.ts';
import type { Colour } from '../palette.ts';
import { drawLabel, type LabelEnds, type LabelSide } from './label.ts';
import { Lru } from './lru.ts';
import { drawSprite, type Sprite } from './sprite.ts';

/** A label in pieces that are kept and used again, side by side. */
export interface Caption {
  readonly width: number;
  readonly height: number;
  readonly pieces: readonly Sprite[];
}

/** How a caption looks. */
export interface CaptionStyle {
  readonly colour: Colour;
  /** Of the text in pixels, at least 1. */
  readonly size: number;
  readonly side: LabelSide;
}

/**
 * Names and digits, for all sessions together, some 8 MB: in a scene of a dozen classes each is written once, whatever
 * ids and scores come. Texts that have no end, such as what is written on signs, are kept apart, not to push them out.
 */
const pieces = new Lru<Sprite>(2048);
const texts = new Lru<Sprite>(256);

/** A caption of a name and then numbers, such as `person 3 94%`: only the name is ever written anew. */
export function captionOf(name: string, numbers: readonly string[], style: CaptionStyle): Caption {
  if (numbers.length === 0) return inPieces([piece(pieces, name, 'both', style)]);
  const parts = [piece(pieces, name, 'left', style)];
  for (const [index, number] of numbers.entries()) {
    const last = index === numbers.length - 1 ? number.length - 1 : -1;
    parts.push(piece(pieces, ' ', 'none', style));
    for (let at = 0; at < number.length; at++) {
      parts.push(piece(pieces, number.charAt(at), at === last ? 'right' : 'none', style));
    }
  }
  return inPieces(parts);
}

/** A caption of a text that may be any. */
export function captionOfText(text: string, style: CaptionStyle): Caption {
  return inPieces([piece(texts, text, 'both', style)]);
}

function inPieces(parts: readonly Sprite[]): Caption {
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  return { width, height: parts[0]?.height ?? 0, pieces: parts };
}

function piece(lru: Lru<Sprite>, text: string, ends: LabelEnds, style: CaptionStyle): Sprite {
  const { colour, size, side } = style;
  const key = `${size} ${side} ${ends} ${colour.y} ${colour.u} ${colour.v} ${text}`;
  return lru.get(key, () => drawLabel(text, colour, size, side, ends));
}

/** Draws a caption, clipped at the picture's edges. `left` and `top` are even and may be negative. */
export function drawCaption(picture: I420Picture, caption: Caption, left: number, top: number): void {
  let at = left;
  for (const sprite of caption.pieces) {
    drawSprite(picture, sprite, at, top);
    at += sprite.width;
  }
}

/** The even position nearest to `left` where the whole caption lies in the picture, or else its beginning. */
export function fitSideways(picture: I420Picture, caption: Caption, left: number): number {
  const last = Math.floor((picture.width - caption.width) / 2) * 2;
  return Math.max(0, Math.min(Math.round(left / 2) * 2, last));
}
