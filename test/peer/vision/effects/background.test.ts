import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blurBackground, replaceBackground } from '../../../../peer/vision/effects/background.ts';
import { aroundMask } from '../../../../peer/vision/effects/feather.ts';
import type { Mask } from '../../../../peer/vision/found.ts';
import type { I420Picture } from '../../../../peer/vision/i420.ts';
import { plainPicture, sampleAt } from '../picture.ts';
import { copyOf, differences, largePicture, noisyPicture } from './noise.ts';

const colour = { y: 200, u: 30, v: 220 };
/** A person in the middle third of a mask of 30 × 20, from the upper half down. */
const person: Mask = {
  width: 30,
  height: 20,
  data: Uint8Array.from({ length: 600 }, (_, at) => (at % 30 >= 10 && at % 30 < 20 && at >= 300 ? 255 : 0)),
};
const nobody: Mask = { width: 0, height: 0, data: new Uint8Array() };
const effects: { name: string; hide: (picture: I420Picture, mask: Mask) => void }[] = [
  { name: 'blurBackground', hide: (picture, mask) => blurBackground(picture, mask, 12) },
  { name: 'replaceBackground', hide: (picture, mask) => replaceBackground(picture, mask, colour) },
  {
    name: 'replaceBackground by a picture',
    hide: (p, mask) => replaceBackground(p, mask, plainPicture(50, 40, 3)),
  },
];

describe.each(effects)('$name()', ({ name, hide }) => {
  it(`${name}() leaves the person and changes the background`, () => {
    const before = noisyPicture(241, 161, 3);
    const after = copyOf(before);
    hide(after, person);
    for (const plane of [0, 1, 2] as const) {
      const scale = plane === 0 ? 1 : 2;
      const changed = differences(before, after, plane);
      const faults: string[] = [];
      let same = 0;
      for (let y = 0; y < 160 / scale; y++) {
        for (let x = 0; x < 240 / scale; x++) {
          const [column, row] = [(x * scale) / 8, (y * scale) / 8];
          const isPerson = column > 11.7 && column < 18 && row > 11.7;
          const isBackground = column < 9 || column > 21 || row < 9;
          if (isPerson && changed.has(`${x},${y}`)) faults.push(`${x},${y}`);
          if (isBackground && !changed.has(`${x},${y}`)) same++;
        }
      }
      expect(faults).toEqual([]);
      // Single samples may be what they were by chance.
      expect(same / (before.planes[plane].length / 2)).toBeLessThan(0.1);
    }
  });

  it(`${name}() hides the whole picture where there is no mask`, () => {
    const before = noisyPicture(60, 40);
    const after = copyOf(before);
    hide(after, nobody);
    for (const plane of [0, 1, 2] as const) {
      expect(differences(before, after, plane).size).toBeGreaterThan(before.planes[plane].length * 0.9);
    }
  });

  it.each([
    [0, 0],
    [0, 7],
    [7, 0],
    [1, 1],
    [2, 2],
    [3, 5],
  ])(`${name}() takes a picture of %i × %i`, (width, height) => {
    const picture = noisyPicture(width, height);
    hide(picture, person);
    hide(picture, nobody);
    expect(picture.planes[0].length).toBe(width * height);
  });

  it(`${name}() takes a picture of 8K`, () => {
    const picture = largePicture();
    const corner = picture.planes[0].slice(0, 100);
    hide(picture, person);
    expect(picture.planes[0].subarray(0, 100)).not.toEqual(corner);
  });

  it(`${name}() passes from background to person without a step`, () => {
    const picture = plainPicture(240, 160);
    picture.planes[0].fill(20);
    replaceBackground(picture, person, { y: 220, u: 128, v: 128 });
    const row = Array.from({ length: 120 }, (_, x) => sampleAt(picture, 0, x, 150) ?? 0);
    const steps = row.slice(1).map((sample, at) => (row[at] ?? 0) - sample);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps)).toBeLessThan(40);
    expect([row[0], row[119]]).toEqual([220, 20]);
  });
});

describe('replaceBackground()', () => {
  it('replaceBackground() by a colour gives every sample around a person that colour', () => {
    const picture = noisyPicture(61, 41);
    replaceBackground(picture, nobody, colour);
    expect(picture.planes.map((plane) => new Set(plane))).toEqual([
      new Set([200]),
      new Set([30]),
      new Set([220]),
    ]);
  });

  it('replaceBackground() by a picture of the same size gives that picture', () => {
    const [picture, backdrop] = [plainPicture(61, 41), noisyPicture(61, 41)];
    replaceBackground(picture, nobody, backdrop);
    expect(picture).toEqual(backdrop);
  });

  it('replaceBackground() by a picture without size is black', () => {
    const picture = noisyPicture(20, 20);
    replaceBackground(picture, nobody, plainPicture(0, 0));
    expect(picture.planes.map((plane) => new Set(plane))).toEqual([
      new Set([16]),
      new Set([128]),
      new Set([128]),
    ]);
  });
});

describe('aroundMask()', () => {
  it('aroundMask() hides everything that the mask does not cover, and withdraws inwards only', () => {
    const masks = fc
      .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
      .chain(({ width, height }) =>
        fc
          .array(fc.constantFrom(0, 100, 255, 255, 255), {
            minLength: width * height,
            maxLength: width * height,
          })
          .map((values) => ({ width, height, data: Uint8Array.from(values) })),
      );
    fc.assert(
      fc.property(masks, fc.nat(3), (mask, feather) => {
        const around = aroundMask(mask, feather).data;
        expect(
          Array.from(around.keys()).filter((at) => (around[at] ?? 0) < 255 - (mask.data[at] ?? 0)),
        ).toEqual([]);
      }),
    );
  });

  it('aroundMask() shows all of what is far within', () => {
    const mask = { width: 9, height: 9, data: new Uint8Array(81).fill(255) };
    expect(new Set(aroundMask(mask, 2).data)).toEqual(new Set([0]));
  });

  it('aroundMask() hides a straight edge wholly, and shows what lies the feather within', () => {
    const data = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 255, 255);
    const { data: around } = aroundMask({ width: 10, height: 1, data }, 2);
    expect(Array.from(around.subarray(0, 4))).toEqual([255, 255, 255, 255]);
    expect(around[4]).toBeGreaterThan(around[5] ?? 0);
    expect(Array.from(around.subarray(6))).toEqual([0, 0, 0, 0]);
  });
});
