import { describe, expect, it } from 'vitest';
import { boxAt, idsOf, leftsOf, objectAt, Scene } from './scene.ts';

describe('Tracker and time', () => {
  it.each([{ late: 0.45 }, { late: 0.5 }])(
    'update() gives ids to a result of $late s after one of 0.5 s, and learns nothing of it',
    ({ late }) => {
      const scene = new Scene();
      scene.hold(0, 0.5, [objectAt(100, 100)]);
      const before = scene.tracker.at(0.6);
      expect(idsOf(scene.show(late, [objectAt(120, 100), objectAt(400, 100)]))).toEqual([1, undefined]);
      expect(scene.tracker.at(0.6)).toEqual(before);
    },
  );

  it('update() begins anew when the clock is set back, with ids that nobody had', () => {
    const scene = new Scene();
    scene.hold(100, 101, [objectAt(100, 100)]);
    expect(idsOf(scene.hold(0, 0.1, [objectAt(100, 100)]))).toEqual([2]);
    expect(leftsOf(scene.tracker.at(0.1))).toEqual([100]);
  });

  it('update() does not believe in speed because two results came close together', () => {
    const scene = new Scene();
    scene.hold(0, 1, [objectAt(100, 100)]);
    scene.show(1.001, [objectAt(102, 100)]);
    const [left = Number.NaN] = leftsOf(scene.tracker.at(1.1));
    expect(Math.abs(left - 101)).toBeLessThanOrEqual(3);
  });
});

describe('Tracker and the picture', () => {
  it('update() keeps ids and boxes when only the resolution changes', () => {
    const scene = new Scene();
    scene.hold(0, 0.5, [objectAt(100, 100)]);
    const seen = scene.show(0.6, [objectAt(100, 100)], { width: 320, height: 240 });
    expect(idsOf(seen)).toEqual([1]);
    expect(leftsOf(scene.tracker.at(0.7))).toEqual([100]);
  });

  it('update() begins anew when the picture is turned', () => {
    const scene = new Scene();
    scene.hold(0, 0.5, [objectAt(100, 100)]);
    const turned = { width: 480, height: 640 };
    expect(idsOf(scene.show(0.6, [objectAt(100, 100)], turned))).toEqual([undefined]);
    expect(idsOf(scene.show(0.7, [objectAt(100, 100)], turned))).toEqual([2]);
  });

  it('at() draws no ghosts after a cut to another scene, and ids are the same after a cut back', () => {
    const scene = new Scene();
    const [here, there] = [
      [objectAt(100, 100), objectAt(300, 100)],
      [objectAt(200, 350), objectAt(500, 300)],
    ];
    scene.hold(0, 0.5, here);
    scene.show(0.6, there);
    expect(leftsOf(scene.tracker.at(0.65))).toEqual([200, 500]);
    expect(idsOf(scene.show(0.7, there)).toSorted()).toEqual([3, 4]);
    expect(idsOf(scene.show(0.8, here)).toSorted()).toEqual([1, 2]);
    expect(leftsOf(scene.tracker.at(0.85))).toEqual([100, 300]);
  });

  it('reset() forgets everybody and gives no id again', () => {
    const scene = new Scene();
    scene.hold(0, 0.5, [objectAt(100, 100)]);
    scene.tracker.reset();
    expect(scene.tracker.at(0.5)).toEqual([]);
    expect(idsOf(scene.hold(0.6, 0.7, [objectAt(100, 100)]))).toEqual([2]);
  });
});

describe('Tracker and bad input', () => {
  const box = boxAt(100, 100);
  it.each([
    { what: 'NaN', changes: { box: { ...box, x: Number.NaN } } },
    { what: 'an infinite side', changes: { box: { ...box, width: Number.POSITIVE_INFINITY } } },
    { what: 'a side of 0', changes: { box: { ...box, height: 0 } } },
    { what: 'a negative side', changes: { box: { ...box, width: -0.1 } } },
    { what: 'a side of many frames', changes: { box: { x: -1e9, y: 0, width: 2e9, height: 1 } } },
    { what: 'a box right of the picture', changes: { box: { ...box, x: 1.2 } } },
    { what: 'a box left of the picture', changes: { box: { ...box, x: -0.2 } } },
    { what: 'a score that is no number', changes: { score: Number.NaN } },
    { what: 'a score above 1', changes: { score: 1.5 } },
  ])('update() leaves out $what', ({ changes }) => {
    const scene = new Scene();
    const good = objectAt(400, 100);
    expect(scene.hold(0, 0.5, [objectAt(100, 100, changes), good])).toEqual([{ trackId: 1, ...good }]);
  });

  it('update() takes the best hundred of a flood, and keeps those who are seen all the while', () => {
    const scene = new Scene();
    const always = [0, 1, 2, 3].map((index) => objectAt(100 * index, 10, { score: 1 - index / 100 }));
    const flood = (turn: number) =>
      Array.from({ length: 300 }, (_, index) =>
        objectAt(((turn * 37 + index * 71) % 500) + 70, ((turn * 53 + index * 29) % 380) + 10, {
          classId: 1 + turn,
        }),
      );
    for (let turn = 0; turn < 30; turn++) {
      const seen = scene.show(turn / 20, [...flood(turn), ...always]);
      expect(seen).toHaveLength(100);
      expect(idsOf(seen.slice(0, 4))).toEqual(turn === 0 ? new Array(4).fill(undefined) : [1, 2, 3, 4]);
      expect(scene.tracker.at(turn / 20)).toHaveLength(100);
    }
  });
});
