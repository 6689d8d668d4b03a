// Writes peer/vision/draw/glyphs.ts: the printable ASCII characters of DejaVu Sans Bold, drawn by Chromium.
// Run it again only to change the font or its size: node scripts/make-glyphs.ts [path of chromium]
import { writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const fontSize = 32;
const family = 'DejaVu Sans';
const target = new URL('../peer/vision/draw/glyphs.ts', import.meta.url);

/** A character as the browser drew it. Lengths in pixels; `coverage` holds 0 to 255, rows without a gap. */
interface DrawnGlyph {
  advance: number;
  /** From the pen to the left edge of the ink; from the baseline up to its top edge. */
  left: number;
  top: number;
  width: number;
  height: number;
  coverage: number[];
}

interface DrawnFont {
  /** Of a capital letter, from the baseline. */
  capHeight: number;
  glyphs: DrawnGlyph[];
}

/** Runs in the page. */
function drawGlyphs({ family, fontSize }: { family: string; fontSize: number }): DrawnFont {
  const side = fontSize * 3;
  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('Cannot draw glyphs: expected a 2d canvas, found none');
  const widthWith = (fallback: string): number => {
    context.font = `bold ${fontSize}px "${family}", ${fallback}`;
    return context.measureText('person 94%').width;
  };
  // A font that is missing shows itself by taking the width of whatever stands in for it.
  if (widthWith('monospace') !== widthWith('serif'))
    throw new Error(`Cannot draw glyphs: ${family} is not installed`);
  context.fillStyle = 'white';
  context.textBaseline = 'alphabetic';
  // Without hinting, in the shapes of the font itself: the labels are scaled to many sizes.
  context.textRendering = 'geometricPrecision';

  const draw = (character: string): DrawnGlyph => {
    context.clearRect(0, 0, side, side);
    context.fillText(character, fontSize, fontSize * 2);
    const { data } = context.getImageData(0, 0, side, side);
    const inked = Array.from({ length: side * side }, (_, at) => at).filter(
      (at) => (data[at * 4 + 3] ?? 0) > 7,
    );
    const columns = inked.map((at) => at % side);
    const rows = inked.map((at) => Math.floor(at / side));
    const advance = context.measureText(character).width;
    if (inked.length === 0) return { advance, left: 0, top: 0, width: 0, height: 0, coverage: [] };
    const x = Math.min(...columns);
    const y = Math.min(...rows);
    const width = Math.max(...columns) - x + 1;
    const height = Math.max(...rows) - y + 1;
    const coverage = Array.from({ length: width * height }, (_, at) => {
      const row = y + Math.floor(at / width);
      return data[(row * side + x + (at % width)) * 4 + 3] ?? 0;
    });
    return { advance, left: x - fontSize, top: fontSize * 2 - y, width, height, coverage };
  };
  const glyphs = Array.from({ length: 95 }, (_, index) => draw(String.fromCharCode(32 + index)));
  // Measures come in whole pixels, so a letter eight times as large is measured.
  context.font = `bold ${fontSize * 8}px "${family}"`;
  return { capHeight: context.measureText('H').actualBoundingBoxAscent / 8, glyphs };
}

/** Five bytes of measures, then the coverage in sixteen steps, two pixels a byte, the first in the high half. */
function packGlyph({ advance, left, top, width, height, coverage }: DrawnGlyph): number[] {
  const steps = coverage.map((value) => Math.round(value / 17));
  const pixels = Array.from({ length: Math.ceil(steps.length / 2) }, (_, at) => {
    return ((steps[at * 2] ?? 0) << 4) | (steps[at * 2 + 1] ?? 0);
  });
  return [Math.round(advance * 4), left + 128, top + 128, width, height, ...pixels];
}

function writeModule(capHeight: number, bytes: number[]): string {
  return `// Made by scripts/make-glyphs.ts from DejaVu Sans Bold; not to be edited. The font's licence is in NOTICE.

/** Pixels of the em square that the glyphs were drawn in. */
export const glyphSize = ${fontSize};

/** Pixels from the baseline to the top of a capital letter. */
export const glyphCapHeight = ${Number(capHeight.toFixed(2))};

/**
 * The characters U+0020 to U+007E in order, base64. Each: advance in quarter pixels, left edge of the ink from the pen
 * + 128, top edge above the baseline + 128, width, height (a byte each), then the coverage row by row in four bits a
 * pixel, the first in the high half, the last byte filled up with zero.
 */
export const glyphData =
  '${Buffer.from(bytes).toString('base64')}';
`;
}

const browser = await chromium.launch({
  executablePath: process.argv[2] ?? '/usr/bin/chromium',
  // Grey levels alone.
  args: ['--no-sandbox', '--disable-gpu', '--disable-lcd-text', '--font-render-hinting=none'],
});
try {
  const page = await browser.newPage();
  const { capHeight, glyphs } = await page.evaluate(drawGlyphs, { family, fontSize });
  const bytes = glyphs.flatMap(packGlyph);
  await writeFile(target, writeModule(capHeight, bytes));
  console.log(`Wrote ${glyphs.length} glyphs, ${bytes.length} bytes`);
} finally {
  await browser.close();
}
