import { describe, expect, it } from 'vitest';
import { drawSprite, spritePlane } from '../../../../peer/vision/draw/sprite.ts';
import { plainPicture, sampleAt, touchedSamples, untouched } from '../picture.ts';

/** 4×4, one value a plane; the first row half transparent. */
const half = Uint8Array.from({ length: 16 }, (_, at) => (at < 4 ? 128 : 255));
const chromaAlpha = Uint8Array.of(255, 255, 255, 255);
const sprite = {
  width: 4,
  height: 4,
  planes: [
    spritePlane(4, 4, new Uint8Array(16).fill(200), half),
    spritePlane(2, 2, new Uint8Array(4).fill(50), chromaAlpha),
    spritePlane(2, 2, new Uint8Array(4).fill(60), chromaAlpha),
  ],
} as const;

describe('drawSprite()', () => {
  it('drawSprite() covers the picture where it is opaque and mixes where it is not', () => {
    const picture = plainPicture(20, 10, 3);
    drawSprite(picture, sprite, 6, 4);
    expect(touchedSamples(picture, 0).size).toBe(16);
    expect(touchedSamples(picture, 1)).toEqual(new Set(['3,2', '4,2', '3,3', '4,3']));
    expect(sampleAt(picture, 0, 6, 5)).toBe(200);
    expect(sampleAt(picture, 0, 6, 4)).toBe(Math.round((untouched.y * 127 + 200 * 128) / 255));
    expect(sampleAt(picture, 1, 3, 2)).toBe(50);
    expect(sampleAt(picture, 2, 4, 3)).toBe(60);
  });

  it.each([
    { edge: 'left', left: -2, top: 2, luma: 8, chroma: 2 },
    { edge: 'top', left: 2, top: -2, luma: 8, chroma: 2 },
    { edge: 'right', left: 8, top: 2, luma: 12, chroma: 4 },
    { edge: 'bottom', left: 2, top: 6, luma: 12, chroma: 4 },
    { edge: 'far left', left: -8, top: 2, luma: 0, chroma: 0 },
    { edge: 'far bottom', left: 2, top: 20, luma: 0, chroma: 0 },
  ])('drawSprite() clips at the $edge of an odd picture', ({ left, top, luma, chroma }) => {
    const picture = plainPicture(11, 9, 4);
    drawSprite(picture, sprite, left, top);
    expect(touchedSamples(picture, 0).size).toBe(luma);
    expect(touchedSamples(picture, 1).size).toBe(chroma);
    expect(touchedSamples(picture, 2).size).toBe(chroma);
  });
});
