import { describe, expect, it } from 'vitest';
import { writeText } from '../../../../peer/vision/draw/text.ts';

const ink = (text: string, size = 24) => writeText(text, size).data.reduce((sum, value) => sum + value, 0);

describe('writeText()', () => {
  it('writeText() gives every printable character ink, and a space none', () => {
    for (let code = 33; code < 127; code++) expect(ink(String.fromCharCode(code))).toBeGreaterThan(0);
    expect(ink(' ')).toBe(0);
  });

  it('writeText() gives every printable character a shape of its own', () => {
    const shapes = Array.from({ length: 95 }, (_, index) =>
      writeText(String.fromCharCode(32 + index), 32).data.join(),
    );
    expect(new Set(shapes).size).toBe(95);
  });

  it.each(['é', '人', '😀', '\n', '\u007f'])('writeText() writes ? for %j', (character) => {
    expect(writeText(`a${character}b`, 16)).toEqual(writeText('a?b', 16));
  });

  it.each([8, 10, 16, 22, 31])('writeText() stands sharp capitals of size %i on the baseline', (size) => {
    const line = writeText('H', size);
    const rows = Array.from({ length: line.height }, (_, row) =>
      Math.max(...line.data.subarray(row * line.width, (row + 1) * line.width)),
    );
    const inked = rows.flatMap((value, row) => (value > 64 ? [row] : []));
    expect(inked).toHaveLength(line.capHeight);
    expect(inked.at(-1)).toBe(line.baseline - 1);
    expect(Math.abs(line.capHeight - size * 0.73)).toBeLessThanOrEqual(0.6);
  });

  it('writeText() grows with its size and its text', () => {
    expect(writeText('person', 32).width).toBeGreaterThan(writeText('person', 16).width);
    expect(writeText('person 94%', 16).width).toBeGreaterThan(writeText('person', 16).width);
    expect(writeText('', 16).width).toBeGreaterThan(0);
  });
});
