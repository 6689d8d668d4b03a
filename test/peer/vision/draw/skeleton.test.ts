import { describe, expect, it } from 'vitest';
import { drawSkeleton } from '../../../../peer/vision/draw/skeleton.ts';
import { colourOf } from '../../../../peer/vision/palette.ts';
import { skeletonOf } from '../../../../protocol/bones.ts';
import { plainPicture, sampleAt, touchedSamples } from '../picture.ts';

const colour = colourOf(0);
const edgesOf = (points: number) =>
  (skeletonOf(points)?.chains ?? []).flatMap((chain) =>
    chain.slice(1).map((to, at) => [chain[at] ?? 0, to].sort((a, b) => a - b).join('-')),
  );

/** Points of which all but some are too unsure to be drawn. */
const pose = (sure: Record<number, { x: number; y: number }>) =>
  Array.from({ length: 17 }, (_, at) => ({
    ...(sure[at] ?? { x: 0.1, y: 0.1 }),
    score: sure[at] ? 0.9 : 0.2,
  }));

describe('skeletonOf()', () => {
  it('skeletonOf() 17 points has the 19 edges of COCO', () => {
    const coco = '15-13 13-11 16-14 14-12 11-12 5-11 6-12 5-6 5-7 6-8 7-9 8-10 1-2 0-1 0-2 1-3 2-4 3-5 4-6'
      .split(' ')
      .map((edge) =>
        edge
          .split('-')
          .map(Number)
          .sort((a, b) => a - b)
          .join('-'),
      );
    expect(edgesOf(17).sort()).toEqual(coco.sort());
  });

  it('skeletonOf() 21 points joins every finger to the palm', () => {
    expect(new Set(edgesOf(21)).size).toBe(21);
    expect(new Set(skeletonOf(21)?.chains.flat())).toEqual(
      new Set(Array.from({ length: 21 }, (_, at) => at)),
    );
  });

  it('skeletonOf() 468 points has closed contours for the oval, lips and eyes, open ones for the brows', () => {
    const chains = skeletonOf(468)?.chains ?? [];
    const closed = chains.filter((chain) => chain[0] === chain.at(-1));
    expect(closed.map((chain) => chain.length - 1)).toEqual([36, 20, 20, 16, 16]);
    expect(chains.length - closed.length).toBe(4);
    expect(Math.max(...chains.flat())).toBeLessThan(468);
    expect(new Set(edgesOf(468)).size).toBe(36 + 2 * 20 + 2 * 16 + 4 * 4);
  });

  it('skeletonOf() another number of points has none', () => {
    expect(skeletonOf(6)).toBeUndefined();
  });
});

describe('drawSkeleton()', () => {
  it('drawSkeleton() draws a bone between two points and marks both', () => {
    const picture = plainPicture(100, 100);
    drawSkeleton(picture, pose({ 5: { x: 0.2, y: 0.5 }, 7: { x: 0.8, y: 0.5 } }), colour, 4);
    expect(sampleAt(picture, 0, 50, 50)).toBe(colour.y);
    expect(sampleAt(picture, 0, 20, 50)).toBe(235);
    expect(sampleAt(picture, 0, 80, 50)).toBe(235);
  });

  it('drawSkeleton() leaves out points with a low score and what hangs on them', () => {
    const picture = plainPicture(100, 100);
    drawSkeleton(picture, pose({ 5: { x: 0.2, y: 0.5 } }), colour, 4);
    const touched = Array.from(touchedSamples(picture, 0), (at) => at.split(',').map(Number));
    expect(touched.length).toBeGreaterThan(0);
    for (const [x = 0, y = 0] of touched) expect(Math.hypot(x + 0.5 - 20, y + 0.5 - 50)).toBeLessThan(4);
  });

  it('drawSkeleton() leaves out points whose score is no number', () => {
    const picture = plainPicture(100, 100);
    drawSkeleton(picture, [{ x: 0.5, y: 0.5, score: Number.NaN }], colour, 4);
    expect(picture).toEqual(plainPicture(100, 100));
  });

  it('drawSkeleton() draws a face as contours alone, without its other points', () => {
    const ring = new Set(skeletonOf(468)?.chains.flat());
    const keypoints = Array.from({ length: 468 }, (_, at) =>
      ring.has(at) ? { x: 0.25, y: 0.25 } : { x: 0.75, y: 0.75 },
    );
    const picture = plainPicture(100, 100);
    drawSkeleton(picture, keypoints, colour, 4);
    const touched = touchedSamples(picture, 0);
    expect(touched.has('25,25')).toBe(true);
    expect(touched.has('75,75')).toBe(false);
  });
});
