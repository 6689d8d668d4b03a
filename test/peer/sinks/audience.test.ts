import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Audience, type SharedFrame, type Spectator } from '../../../peer/sinks/audience.ts';

/** One who watches, as slow as it is told to be. */
class Watcher implements Spectator {
  overflowing = false;
  readonly timestamps: number[] = [];
  send(_: SharedFrame['payloads'], timestamp: number): void {
    this.timestamps.push(timestamp);
  }
}

function frame(timestamp: number, keyframe = false): SharedFrame {
  return { payloads: [], timestamp, keyframe };
}

function audience(onEmpty: () => void = () => {}): Audience {
  return new Audience(onEmpty, () => {});
}

it('Audience shows who joins nothing before a key frame, and asks for one at once', () => {
  const all = audience();
  const [early, late] = [new Watcher(), new Watcher()];
  all.join(early);
  all.show(frame(0, true), 0);
  expect(all.wantsKeyframe(1)).toBe(false);
  const seat = all.join(late);
  expect(all.wantsKeyframe(1)).toBe(true);
  all.show(frame(1), 1);
  all.show(frame(2, true), 2);
  all.show(frame(3), 3);
  expect(early.timestamps).toEqual([0, 1, 2, 3]);
  expect(late.timestamps).toEqual([2, 3]);
  expect(seat.stats()).toEqual({ framesOut: 2, framesSkipped: 1, keyFramesOut: 1 });
  expect(all.wantsKeyframe(10_000)).toBe(false);
});

it('Audience asks for a key frame for one who lost packets no sooner than a second after the last', () => {
  const all = audience();
  const seat = all.join(new Watcher());
  all.show(frame(0, true), 0);
  seat.requestKeyframe();
  expect([100, 999, 1000].map((now) => all.wantsKeyframe(now))).toEqual([false, false, true]);
});

it('Audience leaves frames out for one who does not keep up, and lets it ask ever more rarely', () => {
  const all = audience();
  const [quick, slow] = [new Watcher(), new Watcher()];
  all.join(quick);
  const seat = all.join(slow);
  const asked: number[] = [];
  for (let timestamp = 0, now = 0; timestamp < 2000; timestamp++, now += 33) {
    const keyframe = all.wantsKeyframe(now);
    if (keyframe) asked.push(now);
    // It takes a key frame, and then nothing more.
    slow.overflowing = !keyframe;
    all.show(frame(timestamp, keyframe), now);
  }
  expect(quick.timestamps.length).toBe(2000);
  expect(slow.timestamps.length).toBe(asked.length);
  expect(seat.stats().framesSkipped).toBe(2000 - asked.length);
  const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  expect(gaps.slice(0, 4).map((gap) => Math.round(gap / 1000))).toEqual([2, 4, 8, 16]);
  expect(Math.max(...gaps)).toBeLessThan(17_000);
});

it('Audience lets none suffer for what another throws, and tells when the last one has left', () => {
  let emptied = 0;
  const all = audience(() => emptied++);
  const broken: Spectator = {
    overflowing: false,
    send: () => {
      throw new Error('Cannot send');
    },
  };
  const well = new Watcher();
  const seats = [all.join(broken), all.join(well)];
  all.show(frame(0, true), 0);
  expect(well.timestamps).toEqual([0]);
  for (const seat of [...seats, ...seats]) seat.leave();
  expect([emptied, all.size]).toEqual([1, 0]);
});

it('Audience shows each one whole runs that begin with a key frame, whatever comes', () => {
  const step = fc.record({ keyframe: fc.boolean(), overflowing: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const all = audience();
      const watcher = new Watcher();
      const seat = all.join(watcher);
      const keyframes = new Set<number>();
      steps.forEach(({ keyframe, overflowing }, timestamp) => {
        if (keyframe) keyframes.add(timestamp);
        watcher.overflowing = overflowing;
        all.show(frame(timestamp, keyframe), timestamp);
      });
      watcher.timestamps.forEach((timestamp, index) => {
        const follows = watcher.timestamps[index - 1] === timestamp - 1;
        expect(follows || keyframes.has(timestamp)).toBe(true);
      });
      const { framesOut, framesSkipped } = seat.stats();
      expect(framesOut + framesSkipped).toBe(steps.length);
    }),
  );
});
