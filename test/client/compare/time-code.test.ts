import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_RANGE, codeArea, codeBlocks, readCode } from '../../../client/compare/time-code.ts';

function paint(width: number, value: number): { luma: Uint8Array; area: ReturnType<typeof codeArea> } {
  const area = codeArea(width);
  const luma = new Uint8Array(area.width * area.height);
  for (const { x, y, width: size, level } of codeBlocks(width, value)) {
    for (let row = 0; row < size; row++) {
      const start = (y - area.y + row) * area.width + (x - area.x);
      luma.fill(level, start, start + size);
    }
  }
  return { luma, area };
}

describe('readCode()', () => {
  it('reads what codeBlocks() says is to be painted, with noise as well', () => {
    const widths = fc.constantFrom(160, 320, 640, 1280, 1920);
    fc.assert(
      fc.property(
        widths,
        fc.nat(CODE_RANGE - 1),
        fc.infiniteStream(fc.integer({ min: -60, max: 60 })),
        (width, value, noise) => {
          const { luma, area } = paint(width, value);
          for (const [at, level] of luma.entries())
            luma[at] = Math.max(0, Math.min(255, level + noise.next().value));
          expect(readCode(luma, area.width, area)).toBe(value);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('sees that something is drawn over it, or that there is none', () => {
    const { luma, area } = paint(640, 1234);
    luma.fill(215, 0, luma.length / 4);
    expect(readCode(luma, area.width, area)).toBeUndefined();
    expect(readCode(new Uint8Array(luma.length), area.width, area)).toBeUndefined();
  });

  it('lies within the picture, at even places', () => {
    for (const width of [160, 320, 640, 1280, 1920, 3840]) {
      const { x, y, width: columns, height } = codeArea(width);
      expect([x % 2, y % 2, columns % 2, height % 2]).toEqual([0, 0, 0, 0]);
      expect(x + columns).toBeLessThanOrEqual(width);
    }
  });
});
