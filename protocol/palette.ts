/**
 * Vivid, bright enough for a dark room. The first dozen were chosen by eye, each of the others to be as far in Oklab
 * from all before it as could be; the person's green comes first and has the widest berth. The order is part of the
 * product: people learn that cars are blue.
 */
const hexColours =
  '2be85a ffb020 3da5ff ff5c7a a04dff ffee33 26e5ff ff4ddb b36c1b 00a7b3 ff2a2a c9a0ff 836bb3 ffa799 266fff cc3d93 ' +
  'dd00ff ff7700 cc7aa0 ff99d6 b65ccc ff0088 99bbff cc00be cc9f5c cc503d 7c73ff ffeb99 e373ff 3d80cc 8a90e6 99ffeb ' +
  'ccb100 e67867 5cccc5 e667bb 45bbe6 cccc7a b473ff 50b392 b122e6 9bb36b e62256 b38f00 ff00ee ab7acc 00ffee e600a8 ' +
  'd045e6 d6ff99 cc5c72 5c98cc f899ff 905ccc ffcc00 ddff00 4d88ff ffb473 8ae6c1 008fb3 ff4dac cccc00 9eb31b e68a00 ' +
  'ff73ab b36450 7acc9b e68a96 00e6c7 e65c00 f34dff 99ffc2 e64585 73d0ff ff644d ff73e3 cce667 b350a5 1bb36c 00cca3';

/** A colour as a browser has it, 0xrrggbb, and what is to be written on it. */
export interface ClassColour {
  readonly rgb: number;
  readonly ink: 'white' | 'black';
}

const colours: readonly ClassColour[] = hexColours
  .split(' ')
  .map((hex) => toClassColour(Number.parseInt(hex, 16)));

/** Neutral grey, for what is not a class. */
const fallback = toClassColour(0xb0b0b0);

/** The colour of a class, the same everywhere and always. Beyond 80 classes colours repeat, but never the first. */
export function classColour(classId: number): ClassColour {
  const index = classId < colours.length ? classId : 1 + ((classId - 1) % (colours.length - 1));
  return colours[index] ?? fallback;
}

function toClassColour(rgb: number): ClassColour {
  return { rgb, ink: inkOn(rgb) };
}

/**
 * White or black, whichever stands out. Contrast as WCAG 2 measures it: white against a colour of luminance L has
 * 1.05 / (L + 0.05). White is taken as soon as it has 4 : 1 (large text needs 3 : 1), because the measure flatters black
 * on strong reds and blues.
 * @param rgb 0xrrggbb
 */
export function inkOn(rgb: number): 'white' | 'black' {
  const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff].map((part) => linear(part / 255));
  const luminance = 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  return 1.05 / (luminance + 0.05) >= 4 ? 'white' : 'black';
}

/** The sRGB transfer function undone. */
function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
