import { describe, expect, it } from 'vitest';
import { idsOf, leftsOf, objectAt, Scene } from './scene.ts';

describe('Tracker ids', () => {
  it('update() gives an id to what is seen twice, and none before', () => {
    const scene = new Scene();
    expect(scene.show(0, [objectAt(100, 100)])).toEqual([objectAt(100, 100)]);
    expect(scene.show(0.1, [objectAt(104, 100)])).toEqual([{ trackId: 1, ...objectAt(104, 100) }]);
  });

  it.each([
    { gap: 0.2, id: 1 },
    { gap: 0.3, id: undefined },
  ])('update() gives what was seen once, missed, and seen again $gap s after the id $id', ({ gap, id }) => {
    const scene = new Scene();
    scene.show(0, [objectAt(100, 100)]);
    scene.show(0.1, []);
    expect(idsOf(scene.show(gap, [objectAt(100, 100)]))).toEqual([id]);
  });

  it('update() gives an id at the second result even where results are a second apart', () => {
    const scene = new Scene();
    scene.show(0, [objectAt(100, 100)]);
    expect(idsOf(scene.show(1, [objectAt(100, 100)]))).toEqual([1]);
  });

  it('update() gives objects back with the boxes that the model gave, best first', () => {
    const scene = new Scene();
    const [worse, better] = [objectAt(100, 100, { score: 0.5 }), objectAt(300, 100, { score: 0.9 })];
    scene.show(0, [worse, better]);
    expect(scene.show(0.1, [worse, better])).toEqual([
      { trackId: 1, ...better },
      { trackId: 2, ...worse },
    ]);
  });

  it('update() keeps the ids of two who pass each other', () => {
    const scene = new Scene();
    const before: (number | undefined)[] = [];
    for (let turn = 0; turn <= 30; turn++) {
      const [right, left] = [objectAt(100 + turn * 12, 100), objectAt(460 - turn * 12, 130)];
      // In the middle of it the model sees only the one in front.
      const seen = scene.show(turn / 10, Math.abs(turn - 15) <= 2 ? [right] : [right, left]);
      if (turn === 5)
        before.push(...seen.toSorted((a, b) => a.box.x - b.box.x).map(({ trackId }) => trackId));
      if (turn === 30) {
        const after = seen.toSorted((a, b) => b.box.x - a.box.x).map(({ trackId }) => trackId);
        expect(after).toEqual(before);
      }
    }
    expect(new Set(before)).toEqual(new Set([1, 2]));
  });

  it('update() does not take a thing of one class for one of another', () => {
    const scene = new Scene();
    scene.hold(0, 0.3, [objectAt(100, 100)]);
    expect(idsOf(scene.hold(0.4, 0.5, [objectAt(100, 100, { classId: 1, label: 'bicycle' })]))).toEqual([2]);
  });

  it('update() does not let somebody who was lost take the place of somebody in plain view', () => {
    const scene = new Scene();
    const [hidden, inView] = [objectAt(100, 100), objectAt(160, 100)];
    scene.hold(0, 0.5, [hidden, inView]);
    const id = scene.show(0.6, [inView])[0]?.trackId;
    scene.hold(0.7, 1, [inView]);
    // Halfway, nearer to where the lost one was.
    expect(idsOf(scene.show(1.1, [objectAt(125, 100)]))).toEqual([id]);
  });

  it('update() knows again who was away for a second, and takes for somebody new who was away for three', () => {
    const scene = new Scene();
    scene.hold(0, 0.5, [objectAt(100, 100)]);
    scene.hold(0.6, 1.4, []);
    expect(idsOf(scene.hold(1.5, 2, [objectAt(100, 100)]))).toEqual([1]);
    scene.hold(2.1, 4.9, []);
    expect(idsOf(scene.hold(5, 5.1, [objectAt(100, 100)]))).toEqual([2]);
  });

  it('update() knows nobody again after a pause of three seconds without any result', () => {
    const scene = new Scene();
    scene.hold(0, 0.5, [objectAt(100, 100)]);
    expect(idsOf(scene.show(3.6, [objectAt(100, 100)]))).toEqual([undefined]);
  });
});

describe('Tracker and scores', () => {
  const unsure = objectAt(100, 100, { score: 0.2 });

  it('update() begins nothing with an unsure object', () => {
    const scene = new Scene();
    expect(scene.hold(0, 1, [unsure])).toEqual([]);
    expect(scene.tracker.at(1)).toEqual([]);
  });

  it('update() keeps what is known alive by an unsure object', () => {
    const scene = new Scene();
    scene.hold(0, 0.5, [objectAt(100, 100)]);
    expect(scene.hold(0.6, 5, [unsure])).toEqual([{ trackId: 1, ...unsure }]);
    expect(idsOf(scene.tracker.at(5.1))).toEqual([1]);
  });

  it('update() takes an unsure object for nothing where it lies beside what is known', () => {
    const scene = new Scene();
    scene.hold(0, 0.5, [objectAt(100, 100)]);
    expect(scene.show(0.6, [objectAt(140, 100, { score: 0.2 })])).toEqual([]);
  });
});

describe('Tracker.at()', () => {
  /** Walks to the right at 200 pixels a second, seen ten times a second for a second. */
  function walk(): Scene {
    const scene = new Scene();
    for (let turn = 0; turn <= 10; turn++) scene.show(turn / 10, [objectAt(100 + turn * 20, 100)]);
    return scene;
  }

  it('at() draws what is seen for the first time at once', () => {
    const scene = new Scene();
    scene.show(0, [objectAt(100, 100)]);
    expect(leftsOf(scene.tracker.at(0.1))).toEqual([100]);
  });

  it.each([
    { time: 1, left: 300 },
    { time: 1.1, left: 320 },
    { time: 1.2, left: 340 },
    { time: 0.95, left: 290 },
  ])('at() carries a box to the frame at $time s', ({ time, left }) => {
    const [found = Number.NaN] = leftsOf(walk().tracker.at(time));
    expect(Math.abs(found - left)).toBeLessThanOrEqual(2);
  });

  it('at() carries keypoints with their box, and leaves text as it is', () => {
    const scene = new Scene();
    for (let turn = 0; turn <= 10; turn++) {
      const [x, y] = [(120 + turn * 20) / 640, 110 / 480];
      scene.show(turn / 10, [
        objectAt(100 + turn * 20, 100, { keypoints: [{ x, y, score: 0.7 }], text: 'taxi' }),
      ]);
    }
    const [object] = scene.tracker.at(1.1);
    const [point] = object?.keypoints ?? [];
    expect(point?.score).toBe(0.7);
    expect(((point?.x ?? 0) - (object?.box.x ?? 0)) * 640).toBeCloseTo(20, 0);
    expect(Math.abs((point?.x ?? 0) * 640 - 340)).toBeLessThanOrEqual(2);
    expect((point?.y ?? 0) * 480).toBeCloseTo(110, 3);
    expect(object?.text).toBe('taxi');
  });

  it('at() carries a box no further than half a second, and not at all after a second', () => {
    const { tracker } = walk();
    expect(leftsOf(tracker.at(1.9))).toEqual(leftsOf(tracker.at(1.5)));
    expect(tracker.at(2.01)).toEqual([]);
  });

  it('at() keeps what the model misses for a moment, and then no longer', () => {
    const scene = walk();
    scene.show(1.1, []);
    scene.show(1.2, []);
    const [left = Number.NaN] = leftsOf(scene.tracker.at(1.2));
    expect(Math.abs(left - 340)).toBeLessThanOrEqual(2);
    scene.show(1.3, []);
    expect(scene.tracker.at(1.3)).toEqual([]);
  });

  it('at() drops what was seen only once as soon as it is missed', () => {
    const scene = new Scene();
    scene.show(0, [objectAt(100, 100)]);
    scene.show(0.1, []);
    expect(scene.tracker.at(0.1)).toEqual([]);
  });

  it('at() cuts boxes off at the edge of the picture, and leaves out what has left it', () => {
    const scene = new Scene();
    for (let turn = 0; turn <= 10; turn++) scene.show(turn / 10, [objectAt(400 + turn * 20, 100)]);
    const [box] = scene.tracker.at(1.1).map((object) => object.box);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeCloseTo(1, 9);
    expect(box?.width).toBeLessThan(0.1);
    const fast = new Scene();
    for (let turn = 0; turn <= 10; turn++) fast.show(turn / 10, [objectAt(330 + turn * 30, 100)]);
    expect(fast.tracker.at(1.3)).toEqual([]);
  });

  it('at() knows nothing before the first result', () => {
    expect(new Scene().tracker.at(0)).toEqual([]);
  });
});
