import { type Coverage, scaleCoverage } from './coverage.ts';
import { glyphCapHeight, glyphData, glyphSize } from './glyphs.ts';

/** A character of the atlas. Lengths in pixels of the atlas, as scripts/make-glyphs.ts writes them. */
interface Glyph extends Coverage {
  readonly advance: number;
  /** From the pen to the left edge of the ink; from the baseline up to its top edge. */
  readonly left: number;
  readonly top: number;
}

const firstCharacter = 32;
const glyphs = unpackGlyphs(decodeBase64(glyphData));
const ascent = Math.max(...glyphs.map(({ top }) => top));
const descent = Math.max(...glyphs.map(({ top, height }) => height - top));

/** A line of text. */
export interface TextLine extends Coverage {
  /** Rows from the first to the baseline. */
  readonly baseline: number;
  /** Rows that capital letters are tall. */
  readonly capHeight: number;
}

/**
 * Writes a line of text. Its size is moved by up to half a pixel so that capitals are a whole number of rows tall and
 * stand on one: their edges stay sharp. Characters outside printable ASCII become `?`.
 *
 * @param size of the em square in pixels.
 */
export function writeText(text: string, size: number): TextLine {
  const capHeight = Math.max(1, Math.round((size * glyphCapHeight) / glyphSize));
  const step = glyphCapHeight / capHeight;
  const baseline = Math.ceil(ascent / step);
  return { ...scaleCoverage(typeset(text), step, ascent - baseline * step), baseline, capHeight };
}

/** Sets text in the size of the atlas, the baseline `ascent` rows below the top. */
function typeset(text: string): Coverage {
  const line = Array.from(text, glyphOf);
  const length = line.reduce((sum, { advance }) => sum + advance, 0);
  // A pixel more at the right: ink may reach a little over its advance.
  const width = Math.ceil(length) + 1;
  const height = ascent + descent;
  const data = new Uint8Array(width * height);
  let pen = 0;
  for (const glyph of line) {
    stamp({ width, height, data }, glyph, Math.round(pen) + glyph.left, ascent - glyph.top);
    pen += glyph.advance;
  }
  return { width, height, data };
}

function stamp(target: Coverage, glyph: Glyph, left: number, top: number): void {
  const first = Math.max(0, -left);
  const last = Math.min(glyph.width, target.width - left);
  for (let y = 0; y < glyph.height; y++) {
    const to = (top + y) * target.width + left;
    const from = y * glyph.width;
    for (let x = first; x < last; x++) {
      // Neighbours may share a column: the darker one counts.
      const ink = glyph.data[from + x] as number;
      if (ink > (target.data[to + x] as number)) target.data[to + x] = ink;
    }
  }
}

function glyphOf(character: string): Glyph {
  const index = (character.codePointAt(0) ?? 0) - firstCharacter;
  return (glyphs[index] ?? glyphs['?'.charCodeAt(0) - firstCharacter]) as Glyph;
}

function unpackGlyphs(bytes: Uint8Array): Glyph[] {
  const unpacked: Glyph[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [advance = 0, left = 0, top = 0, width = 0, height = 0] = bytes.subarray(at, at + 5);
    const start = at + 5;
    const data = Uint8Array.from({ length: width * height }, (_, pixel) => {
      const pair = bytes[start + (pixel >> 1)] ?? 0;
      return (pixel % 2 === 0 ? pair >> 4 : pair & 15) * 17;
    });
    unpacked.push({ advance: advance / 4, left: left - 128, top: top - 128, width, height, data });
    at = start + Math.ceil(data.length / 2);
  }
  return unpacked;
}

/** RFC 4648 section 4. Written out because pure code has neither Buffer nor atob(). */
function decodeBase64(text: string): Uint8Array {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | alphabet.indexOf(digit)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 0xff;
  }
  return bytes;
}
