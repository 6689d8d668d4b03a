import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Privacy, type PrivacyEffect } from '../../../../peer/vision/effects/privacy.ts';
import { PrivacyPolicy } from '../../../../peer/vision/effects/privacy-policy.ts';
import type { Mask } from '../../../../peer/vision/found.ts';
import { copyOf, differences, noisyPicture } from './noise.ts';

const face = { x: 0.4, y: 0.4, width: 0.1, height: 0.2 };
const other = { x: 0.8, y: 0.1, width: 0.1, height: 0.1 };
const maxAgeTicks = 22_500;
const limitTicks = 90_000;
const growth = 0.25;
const start = 1000;
const policy = () => new PrivacyPolicy({ maxAgeTicks, limitTicks, growth });
const fresh = { box: face, margin: growth };
const person: Mask = { width: 32, height: 18, data: new Uint8Array(576).fill(255) };
const all = { kind: 'all' };

describe('PrivacyPolicy', () => {
  it('PrivacyPolicy hides all before the first result', () => {
    expect(policy().coverAt(start)).toEqual(all);
  });

  it('PrivacyPolicy hides the regions of a fresh result, in frames before and after its own', () => {
    const known = policy();
    known.update([face], start);
    for (const time of [start, start + maxAgeTicks, start - maxAgeTicks]) {
      expect(known.coverAt(time)).toEqual({ kind: 'regions', regions: [fresh] });
    }
  });

  it('PrivacyPolicy hides nothing while a result without regions is fresh, and all as soon as it is not', () => {
    const known = policy();
    known.update([], start);
    expect(known.coverAt(start + maxAgeTicks)).toEqual({ kind: 'regions', regions: [] });
    expect(known.coverAt(start + maxAgeTicks + 1)).toEqual(all);
  });

  it('PrivacyPolicy keeps the regions known last when results stay away, and they grow with their age', () => {
    const known = policy();
    known.update([face], start);
    const margins = [1, 1.5, 2, 4].map((ages) => {
      const cover = known.coverAt(start + ages * maxAgeTicks);
      return cover.kind === 'regions' ? cover.regions.map(({ margin }) => margin) : cover.kind;
    });
    expect(margins).toEqual([[growth], [1.5 * growth], [2 * growth], [4 * growth]]);
  });

  it('PrivacyPolicy hides all past the limit, and no more once a result is there again', () => {
    const known = policy();
    known.update([face], start);
    expect(known.coverAt(start + limitTicks).kind).toBe('regions');
    expect(known.coverAt(start + limitTicks + 1)).toEqual(all);
    known.update([other], start + limitTicks + 1);
    const { regions = [] } = {
      ...(known.coverAt(start + limitTicks + 1) as { regions?: { box: unknown }[] }),
    };
    expect(regions.map(({ box }) => box)).toEqual([other]);
  });

  it('PrivacyPolicy keeps a face that a detector misses until it has not been seen for a while', () => {
    const known = policy();
    known.update([face], start);
    known.update([], start + 9000);
    expect(known.coverAt(start + 9000)).toEqual({ kind: 'regions', regions: [fresh] });
    known.update([], start + 20_000);
    expect(known.coverAt(start + maxAgeTicks)).toEqual({ kind: 'regions', regions: [fresh] });
    expect(known.coverAt(start + maxAgeTicks + 1)).toEqual({ kind: 'regions', regions: [] });
  });

  it('PrivacyPolicy hides a face that was missed and then no result came', () => {
    const known = policy();
    known.update([face], start);
    known.update([], start + 9000);
    expect(known.coverAt(start + 2 * maxAgeTicks)).toEqual({
      kind: 'regions',
      regions: [{ box: face, margin: 2 * growth }],
    });
  });

  it('PrivacyPolicy follows a face that moves, without its old place', () => {
    const known = policy();
    const moved = { ...face, x: face.x + 0.03 };
    known.update([face], start);
    known.update([moved], start + 3000);
    expect(known.coverAt(start + 3000)).toEqual({
      kind: 'regions',
      regions: [{ box: moved, margin: growth }],
    });
  });

  it('PrivacyPolicy shows nothing for a result that came so late that it is no longer fresh', () => {
    const known = policy();
    known.update([face], start);
    known.update([], start + 9000);
    expect(known.coverAt(start + 9000 + maxAgeTicks + 1).kind).toBe('regions');
    const empty = policy();
    empty.update([], start);
    expect(empty.coverAt(start + maxAgeTicks + 1)).toEqual(all);
  });

  it('PrivacyPolicy leaves out an older result than the newest', () => {
    const known = policy();
    known.update([face], start + 9000);
    known.update([], start);
    expect(known.coverAt(start + 9000)).toEqual({ kind: 'regions', regions: [fresh] });
  });

  it('PrivacyPolicy forgets what it knew where the clock begins anew', () => {
    const known = policy();
    known.update([face], 500_000);
    expect(known.coverAt(1000)).toEqual(all);
    known.update([other], 1000);
    expect(known.coverAt(1000)).toEqual({ kind: 'regions', regions: [{ box: other, margin: growth }] });
  });

  it('PrivacyPolicy counts on where timestamps wrap', () => {
    const known = policy();
    known.update([face], 0xffff_ff00);
    expect(known.coverAt(1000)).toEqual({ kind: 'regions', regions: [fresh] });
    known.update([], 0xffff_f000);
    expect(known.coverAt(1000)).toEqual({ kind: 'regions', regions: [fresh] });
  });

  it.each([
    { what: 'NaN', result: [{ ...face, x: Number.NaN }] },
    { what: 'an infinite width', result: [{ ...face, width: Number.POSITIVE_INFINITY }] },
    { what: 'no size', result: [face, { ...face, height: 0 }] },
    { what: 'no samples', result: { width: 4, height: 4, data: new Uint8Array(3) } },
  ])('PrivacyPolicy takes a result with $what for none', ({ result }) => {
    const known = policy();
    known.update(result, start);
    expect(known.coverAt(start)).toEqual(all);
  });

  it('PrivacyPolicy hides all where a time is no number', () => {
    const known = policy();
    known.update([], Number.NaN);
    expect(known.coverAt(Number.NaN)).toEqual(all);
    known.update([face], start);
    known.update([], Number.NaN);
    expect(known.coverAt(Number.NaN)).toEqual(all);
    expect(known.coverAt(start)).toEqual({ kind: 'regions', regions: [fresh] });
  });

  it('PrivacyPolicy hides all rather than more than a hundred regions', () => {
    const known = policy();
    known.update(
      Array.from({ length: 101 }, (_, at) => ({ ...face, x: at / 101 })),
      start,
    );
    expect(known.coverAt(start)).toEqual(all);
  });

  it('PrivacyPolicy shows less of a mask as it grows old, and nothing past the limit', () => {
    const known = policy();
    known.update(person, start);
    const withdrawn = [0, 1, 2, 4].map((ages) => {
      const cover = known.coverAt(start + ages * maxAgeTicks);
      return cover.kind === 'around' ? cover.withdrawn : cover.kind;
    });
    expect(withdrawn).toEqual([1, 1, 2, 3]);
    expect(known.coverAt(start + limitTicks + 1)).toEqual(all);
  });

  it('PrivacyPolicy never shows a face that was seen within the limit unless fresh results without it came', () => {
    const step = fc.record({ after: fc.integer({ min: 1, max: 60_000 }), sees: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 0, max: 200_000 }), (steps, later) => {
        const known = policy();
        let time = start;
        let seenAt = Number.NEGATIVE_INFINITY;
        let newest = Number.NEGATIVE_INFINITY;
        for (const { after, sees } of steps) {
          time += after;
          known.update(sees ? [face] : [], time);
          newest = time;
          if (sees) seenAt = time;
        }
        const now = time + later;
        const cover = known.coverAt(now);
        const isHidden = cover.kind === 'all' || (cover.kind === 'regions' && cover.regions.length > 0);
        const isKnownToBeGone = now - newest <= maxAgeTicks && now - seenAt > maxAgeTicks;
        expect(isHidden).toBe(!isKnownToBeGone);
      }),
      { numRuns: 300 },
    );
  });
});

describe('Privacy', () => {
  const faces: PrivacyEffect[] = [{ kind: 'pixelate-faces' }, { kind: 'blur-faces' }];
  const backgrounds: PrivacyEffect[] = [
    { kind: 'blur-background' },
    { kind: 'blur-background', radius: 8 },
    { kind: 'replace-background', backdrop: { y: 240, u: 10, v: 250 } },
  ];
  const before = noisyPicture(161, 91);
  const area = 161 * 91;
  const changedBy = (privacy: Privacy, time: number) => {
    const after = copyOf(before);
    privacy.apply(after, time);
    return differences(before, after, 0);
  };

  it.each([...faces, ...backgrounds])(
    'Privacy $kind hides the whole picture before the first result',
    (effect) => {
      expect(changedBy(new Privacy({ effect, maxAgeTicks, growth }), start).size).toBeGreaterThan(0.9 * area);
    },
  );

  it.each(faces)('Privacy $kind hides a face with its margin and nothing else', (effect) => {
    const privacy = new Privacy({ effect, maxAgeTicks, growth });
    privacy.update([face], start);
    const changed = Array.from(changedBy(privacy, start), (at) => at.split(',').map(Number));
    const within = (x: number, y: number) =>
      x >= 0.375 * 161 - 2 && x <= 0.525 * 161 + 2 && y >= 0.35 * 91 - 2 && y <= 0.65 * 91 + 2;
    expect(changed.filter(([x = 0, y = 0]) => !within(x, y))).toEqual([]);
    expect(changed.length).toBeGreaterThan(0.9 * 0.15 * 0.3 * area);
  });

  it.each(faces)('Privacy $kind hides more with age, and all after a second', (effect) => {
    const privacy = new Privacy({ effect, maxAgeTicks, growth });
    privacy.update([face], start);
    const sizes = [0, 45_000, 90_000, 90_001].map((age) => changedBy(privacy, start + age).size / area);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes[3]).toBeGreaterThan(0.9);
    expect(sizes[0]).toBeLessThan(0.1);
  });

  it.each(backgrounds)(
    'Privacy $kind hides what is around a person, and all without a fresh mask',
    (effect) => {
      const privacy = new Privacy({ effect, maxAgeTicks, growth });
      const data = Uint8Array.from({ length: 576 }, (_, at) => (at % 32 >= 16 ? 255 : 0));
      privacy.update({ width: 32, height: 18, data }, start);
      const share = changedBy(privacy, start).size / area;
      expect(share).toBeGreaterThan(0.45);
      expect(share).toBeLessThan(0.6);
      expect(changedBy(privacy, start + limitTicks + 1).size).toBeGreaterThan(0.9 * area);
    },
  );

  it('Privacy leaves out a result that does not suit its effect', () => {
    const ofFaces = new Privacy({ effect: { kind: 'blur-faces' }, maxAgeTicks, growth });
    ofFaces.update(person, start);
    expect(changedBy(ofFaces, start).size).toBeGreaterThan(0.9 * area);
    const ofBackground = new Privacy({ effect: { kind: 'blur-background' }, maxAgeTicks, growth });
    ofBackground.update([], start);
    expect(changedBy(ofBackground, start).size).toBeGreaterThan(0.9 * area);
  });

  it('Privacy takes pictures without size, of one pixel, and regions beyond them', () => {
    for (const effect of [...faces, ...backgrounds]) {
      const privacy = new Privacy({ effect, maxAgeTicks, growth });
      for (const [width, height] of [
        [0, 0],
        [1, 1],
        [2, 2],
      ] as const) {
        privacy.apply(noisyPicture(width, height), start);
        privacy.update([{ x: -1e300, y: 2, width: 1e300, height: 1 }], start);
        privacy.update(person, start);
        expect(() => privacy.apply(noisyPicture(width, height), start)).not.toThrow();
      }
    }
  });
});
