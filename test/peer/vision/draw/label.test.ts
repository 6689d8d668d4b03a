import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../../peer/vision/draw/coverage.ts';
import { drawLabel } from '../../../../peer/vision/draw/label.ts';
import { writeText } from '../../../../peer/vision/draw/text.ts';
import { colourOf } from '../../../../peer/vision/palette.ts';

const colour = colourOf(0);

describe('drawLabel()', () => {
  it.each([6, 11, 16, 22, 48])(
    'drawLabel() is even in both sides at size %i, chroma half of each',
    (size) => {
      const { width, height, planes } = drawLabel('person 94%', colour, size, 'above');
      expect(width % 2).toBe(0);
      expect(height % 2).toBe(0);
      for (const plane of planes.slice(1))
        expect([plane.width, plane.height]).toEqual([width / 2, height / 2]);
      expect(height).toBeGreaterThan(size);
      expect(height).toBeLessThan(size * 1.6 + 4);
    },
  );

  it.each([
    { side: 'above', top: true, bottom: false },
    { side: 'inside', top: false, bottom: true },
  ] as const)('drawLabel() $side rounds the corners away from the box only', ({ side, top, bottom }) => {
    const { width, height, planes } = drawLabel('cup 50%', colour, 16, side);
    const { alpha } = planes[0];
    const isCut = (x: number, y: number) => (alpha[y * width + x] ?? 0) < 128;
    expect([isCut(0, 0), isCut(width - 1, 0)]).toEqual([top, top]);
    expect([isCut(0, height - 1), isCut(width - 1, height - 1)]).toEqual([bottom, bottom]);
    expect(alpha[(height >> 1) * width]).toBe(255);
  });

  it('drawLabel() has its background in the colour and its text in black or white without colour', () => {
    const [y, u, v] = drawLabel('HHHH', colour, 32, 'above').planes;
    const middleRow = y.height / 2;
    const middle = y.samples.subarray(middleRow * y.width, (middleRow + 1) * y.width);
    expect(middle[1]).toBe(colour.y);
    expect(Math.min(...middle)).toBe(colour.ink);
    const row = Math.floor(u.height / 2);
    const at = Array.from({ length: u.width }, (_, column) => row * u.width + column);
    expect(at.some((index) => u.samples[index] === 128 && v.samples[index] === 128)).toBe(true);
    expect([u.samples[row * u.width], v.samples[row * u.width]]).toEqual([colour.u, colour.v]);
  });

  it('drawLabel() cuts a text of any length', () => {
    expect(drawLabel('x'.repeat(1e5), colour, 16, 'above')).toEqual(
      drawLabel('x'.repeat(48), colour, 16, 'above'),
    );
  });

  it.each([8, 11, 16, 22, 31, 48])(
    'drawLabel() shows every row and column of its text at size %i',
    (size) => {
      const text = 'Qgjpy|$@{}%';
      const label = drawLabel(text, colour, size, 'above').planes[0];
      const line = writeText(text, size);
      const ink = { ...label, data: label.samples.map((sample) => (sample === colour.y ? 0 : 1)) };
      expect(inkedSize(ink)).toEqual(inkedSize(line));
    },
  );
});

/** Width and height of what is inked, where it shows against a background. */
function inkedSize({ width, data }: Coverage): [number, number] {
  const inked = Array.from(data.keys()).filter((at) => (data[at] ?? 0) > 0);
  return [
    new Set(inked.map((at) => at % width)).size,
    new Set(inked.map((at) => Math.floor(at / width))).size,
  ];
}
