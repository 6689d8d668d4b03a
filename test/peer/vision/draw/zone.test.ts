import { describe, expect, it } from 'vitest';
import { LabelPlaces } from '../../../../peer/vision/draw/label-places.ts';
import { drawZone } from '../../../../peer/vision/draw/zone.ts';
import { colourOf } from '../../../../peer/vision/palette.ts';
import { plainPicture, sampleAt, touchedSamples, untouched } from '../picture.ts';

const colour = colourOf(5);
const points = [
  { x: 0.25, y: 0.25 },
  { x: 0.75, y: 0.25 },
  { x: 0.75, y: 0.75 },
  { x: 0.25, y: 0.75 },
];

const style = (picture: { height: number }, thickness: number, textSize: number) => {
  return { thickness, textSize, places: new LabelPlaces(picture) };
};

describe('drawZone()', () => {
  it('drawZone() outlines a polygon, the last point joined to the first, and tints its inside', () => {
    const picture = plainPicture(200, 200);
    drawZone(picture, { name: 'door', count: 2, points }, style(picture, 4, 0));
    for (const [x, y] of [
      [100, 50],
      [150, 100],
      [100, 150],
      [50, 100],
    ] as const) {
      expect(sampleAt(picture, 0, x, y)).toBe(colour.y);
    }
    const tinted = sampleAt(picture, 0, 100, 100) ?? 0;
    expect(tinted).toBeGreaterThan(untouched.y);
    expect(tinted).toBeLessThan((untouched.y + colour.y) / 2);
    expect(touchedSamples(picture, 0).has('20,100')).toBe(false);
  });

  it('drawZone() draws a line from end to end', () => {
    const picture = plainPicture(200, 200);
    drawZone(
      picture,
      { name: 'gate', count: 0, from: { x: 0.1, y: 0.5 }, to: { x: 0.9, y: 0.5 } },
      style(picture, 4, 0),
    );
    expect(sampleAt(picture, 0, 100, 100)).toBe(colour.y);
    expect(touchedSamples(picture, 0).has('100,110')).toBe(false);
  });

  it('drawZone() writes name and count at the highest point', () => {
    const [bare, named] = [plainPicture(200, 200), plainPicture(200, 200)];
    drawZone(bare, { name: 'door', count: 2, points }, style(bare, 2, 0));
    drawZone(named, { name: 'door', count: 2, points }, style(named, 2, 16));
    const changed = named.planes[0].reduce<number[]>((rows, sample, at) => {
      if (sample !== bare.planes[0][at]) rows.push(Math.floor(at / 200));
      return rows;
    }, []);
    expect(Math.min(...changed)).toBeGreaterThanOrEqual(48);
    expect(Math.max(...changed)).toBeLessThan(80);
  });

  it('drawZone() keeps name and count within the picture', () => {
    const inside = plainPicture(200, 200);
    drawZone(
      inside,
      { name: 'gate', count: 9, from: { x: 1.2, y: 1.2 }, to: { x: 1.4, y: 1.4 } },
      style(inside, 2, 16),
    );
    const label = Array.from(touchedSamples(inside, 0), (at) => at.split(',').map(Number));
    const height = Math.max(...label.map(([, y = 0]) => y)) - Math.min(...label.map(([, y = 0]) => y)) + 1;
    expect(height).toBeGreaterThan(16);
  });

  it('drawZone() leaves out a zone without a point', () => {
    const picture = plainPicture(20, 20);
    drawZone(picture, { name: 'none', count: 0, points: [] }, style(picture, 2, 8));
    drawZone(picture, { name: 'none', count: 0, points: [{ x: Number.NaN, y: 0 }] }, style(picture, 2, 8));
    expect(picture).toEqual(plainPicture(20, 20));
  });
});
