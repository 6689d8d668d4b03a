import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Span, visitSpans } from '../../../../peer/vision/draw/mask-spans.ts';
import type { Mask } from '../../../../peer/vision/found.ts';
import { plainPicture } from '../picture.ts';
import { sampleBilinear } from './bilinear.ts';

const side = fc.integer({ min: 1, max: 24 });
/** Masks that are mostly all or nothing, in runs, as those of models are. */
const masks = fc.record({ width: side, height: side }).chain(({ width, height }) =>
  fc
    .array(fc.tuple(fc.constantFrom(0, 255, 255, 0, 128, 3), fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
    })
    .map((runs) => {
      const line = runs.flatMap(([value, length]) => new Array<number>(length).fill(value));
      return {
        width,
        height,
        data: Uint8Array.from({ length: width * height }, (_, at) => line[at % line.length] ?? 0),
      };
    }),
);

/** What the spans say of each sample of a plane; no sample may come twice. */
function collect(mask: Mask, width: number, height: number): [Map<string, number>, Map<string, number>] {
  const planes: [Map<string, number>, Map<string, number>] = [new Map(), new Map()];
  const visitor = (plane: Map<string, number>) => (span: Span) => {
    for (let x = span.from; x < span.end; x++) {
      const key = `${x},${span.row}`;
      if (plane.has(key)) throw new Error(`Sample ${key} was visited twice`);
      plane.set(key, span.alpha?.[x] ?? 255);
    }
  };
  visitSpans(mask, plainPicture(width, height), visitor(planes[0]), visitor(planes[1]));
  return planes;
}

describe('visitSpans()', () => {
  it('visitSpans() says of every sample what bilinear interpolation says, in luma and chroma', () => {
    const pictureSide = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(masks, pictureSide, pictureSide, (mask, width, height) => {
        let worst = 0;
        for (const [index, plane] of collect(mask, width, height).entries()) {
          const step = index + 1;
          for (let y = 0; y < Math.ceil(height / step); y++) {
            for (let x = 0; x < Math.ceil(width / step); x++) {
              const exact = sampleBilinear(
                { ...mask, stride: mask.width },
                ((x + 0.5) * step * mask.width) / width,
                ((y + 0.5) * step * mask.height) / height,
              );
              worst = Math.max(worst, Math.abs((plane.get(`${x},${y}`) ?? 0) - exact));
            }
          }
        }
        expect(worst).toBeLessThan(2.5);
      }),
      { numRuns: 150 },
    );
  });

  it('visitSpans() visits nothing of what is not covered, and one span of what is', () => {
    const mask = { width: 4, height: 1, data: Uint8Array.of(0, 0, 255, 255) };
    const spans: Span[] = [];
    visitSpans(
      mask,
      plainPicture(80, 2),
      (span) => spans.push(span),
      () => {},
    );
    // Between the middles of the second sample of the mask and the third it passes from nothing to all.
    expect(
      spans.filter(({ row }) => row === 0).map(({ from, end, alpha }) => [from, end, alpha === undefined]),
    ).toEqual([
      [30, 50, false],
      [50, 80, true],
    ]);
  });

  it.each([
    { width: 0, height: 4, data: new Uint8Array() },
    { width: 4, height: 4, data: new Uint8Array(15).fill(255) },
    { width: Number.NaN, height: 4, data: new Uint8Array(16) },
  ])('visitSpans() visits nothing of a mask of $width × $height without its samples', (mask) => {
    expect(collect(mask, 20, 20).map(({ size }) => size)).toEqual([0, 0]);
  });
});
