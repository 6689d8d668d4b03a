import { describe, expect, it } from 'vitest';
import { regions } from '../../../../peer/vision/stages/regions.ts';

const candidate = { box: { x: 90, y: 80, width: 20, height: 40 }, classId: 0, score: 1 };
const quarter = Math.PI / 2;

describe('regions', () => {
  it.each([
    { fingers: 'up', to: { x: 0, y: -10 }, angle: 0, centre: [100, 80] },
    { fingers: 'to the right', to: { x: 10, y: 0 }, angle: quarter, centre: [120, 100] },
    { fingers: 'down', to: { x: 0, y: 10 }, angle: 2 * quarter, centre: [100, 120] },
  ])('regions.hand() is turned and moved towards fingers that point $fingers', ({ to, angle, centre }) => {
    const keypoints = [
      { x: 100, y: 100 },
      { x: 0, y: 0 },
      { x: 100 + to.x, y: 100 + to.y },
    ];
    const region = regions.hand({ ...candidate, keypoints }, 2.5);
    expect(region).toMatchObject({ width: 100, height: 100, angle: expect.closeTo(angle, 9) });
    expect([region.centreX, region.centreY]).toEqual(centre.map((value) => expect.closeTo(value, 9)));
  });

  it('regions.face() has level eyes', () => {
    const keypoints = [
      { x: 90, y: 90 },
      { x: 100, y: 100 },
    ];
    expect(regions.face({ ...candidate, keypoints }, 1.5)).toEqual({
      centreX: 100,
      centreY: 100,
      width: 60,
      height: 60,
      angle: expect.closeTo(quarter / 2, 9),
    });
  });

  it.each([
    { line: 'lies', right: { x: 40, y: 0 }, down: { x: 0, y: 10 }, width: 40, height: 10, angle: 0 },
    { line: 'stands', right: { x: 10, y: 0 }, down: { x: 0, y: 40 }, width: 40, height: 10, angle: quarter },
  ])('regions.line() runs along a line that $line', ({ right, down, width, height, angle }) => {
    const keypoints = [{ x: 0, y: 0 }, right, { x: right.x + down.x, y: right.y + down.y }, down];
    expect(regions.line({ ...candidate, keypoints }, 1)).toMatchObject({ width, height, angle });
  });

  it('regions.box() is the square around a box', () => {
    expect(regions.box(candidate, 1)).toEqual({
      centreX: 100,
      centreY: 100,
      width: 40,
      height: 40,
      angle: 0,
    });
  });
});
