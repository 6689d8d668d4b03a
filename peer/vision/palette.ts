import { classColour, inkOn } from '../../protocol/palette.ts';

/** A colour as samples of a picture: limited range, BT.601. */
export interface Colour {
  readonly y: number;
  readonly u: number;
  readonly v: number;
  /** Luma of text on this colour: white (235) or black (16), whichever stands out. */
  readonly ink: number;
}

const known = new Map<number, Colour>();

/** The colour of a class as `protocol/palette.ts` has it. */
export function colourOf(classId: number): Colour {
  const { rgb } = classColour(classId);
  const colour = known.get(rgb) ?? toColour(rgb);
  known.set(rgb, colour);
  return colour;
}

/** White of limited range: joints, and what belongs to no class. */
export const white: Colour = { y: 235, u: 128, v: 128, ink: 16 };

/** A colour of ITU-R BT.601, 8 bits, limited range. @param rgb 0xrrggbb */
export function toColour(rgb: number): Colour {
  const red = (rgb >> 16) / 255;
  const green = ((rgb >> 8) & 0xff) / 255;
  const blue = (rgb & 0xff) / 255;
  return {
    y: Math.round(16 + 65.481 * red + 128.553 * green + 24.966 * blue),
    u: Math.round(128 - 37.797 * red - 74.203 * green + 112 * blue),
    v: Math.round(128 + 112 * red - 93.786 * green - 18.214 * blue),
    ink: inkOn(rgb) === 'white' ? 235 : 16,
  };
}
