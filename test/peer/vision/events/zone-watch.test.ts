import { describe, expect, it } from 'vitest';
import { ZoneWatch } from '../../../../peer/vision/events/zone-watch.ts';
import type { Point } from '../../../../protocol/polygon.ts';
import { parseZones } from '../../../../protocol/zones.ts';
import { along, MARGIN, play, rightHalf, standingAt, watching } from './scene.ts';

function rectangle(left: number, top: number, right: number, bottom: number): Point[] {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}
/** To and fro about a place, by so much, as a box trembles. */
const trembling = (x: number, amplitude: number) => (time: number) => [
  standingAt(x + amplitude * Math.sin(time * 37)),
];

describe('ZoneWatch at a polygon', () => {
  it.each([
    { rate: 30, at: 1.2 },
    { rate: 10, at: 1.2 },
    { rate: 5, at: 1.2 },
    { rate: 2, at: 1.5 },
    { rate: 1, at: 2 },
  ])('tells at $rate results a second who was inside from 1 s on at $at s', ({ rate, at }) => {
    const events = play(watching(rightHalf), { to: 4, rate }, (time) => [standingAt(time < 1 ? 0.4 : 0.6)]);
    expect(events).toEqual([
      {
        kind: 'enter',
        zoneId: 'right',
        trackId: 1,
        label: 'person',
        counts: { person: { entered: 1, left: 0, inside: 1 } },
        time: expect.closeTo(at),
      },
    ]);
  });

  it('tells of who appears inside, and of who walks through with how long it took', () => {
    expect(play(watching(rightHalf), { to: 1 }, () => [standingAt(0.7)])).toMatchObject([{ kind: 'enter' }]);
    const middle = { id: 'middle', kind: 'polygon', points: rectangle(0.4, 0, 0.6, 1) };
    const events = play(
      watching(middle),
      { to: 8, rate: 20 },
      along({ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }, 8),
    );
    expect(events.map(({ kind }) => kind)).toEqual(['enter', 'leave']);
    // 0.2 of the frame at 0.1 a second, and the margin.
    expect(events[1]).toMatchObject({
      dwellMs: expect.closeTo(2000 + MARGIN * 10_000, -2),
      counts: { person: { entered: 1, left: 1, inside: 0 } },
    });
  });

  it('tells once a visit of who has stayed for dwellSeconds', () => {
    const zone = { ...rightHalf, dwellSeconds: 2 };
    const events = play(watching(zone), { to: 12 }, (time) => [standingAt(time > 5 && time < 6 ? 0.1 : 0.7)]);
    expect(events.map(({ kind }) => kind)).toEqual(['enter', 'dwell', 'leave', 'enter', 'dwell']);
    expect(events[1]).toMatchObject({ time: 2, dwellMs: 2000 });
    expect(events[4]).toMatchObject({ time: 8, dwellMs: 2000 });
  });

  it('tells of no stay that ended before dwellSeconds, nor of any where there are none', () => {
    const stay = (time: number) => [standingAt(time < 2 ? 0.7 : 0.1)];
    for (const zone of [{ ...rightHalf, dwellSeconds: 2 }, rightHalf]) {
      const kinds = play(watching(zone), { to: 5 }, stay).map(({ kind }) => kind);
      expect(kinds).toEqual(['enter', 'leave']);
    }
  });

  it.each([5, 10, 30])('tells once at most of who trembles on the edge, at %d results a second', (rate) => {
    const events = play(watching(rightHalf), { to: 60, rate }, trembling(0.5, 0.9 * MARGIN));
    expect(events.length).toBeLessThanOrEqual(1);
  });

  it('does not mind a box that is wrong in each third result', () => {
    const isWrong = (time: number) => Math.round(time * 10) % 3 === 2;
    const inside = play(watching(rightHalf), { to: 5 }, (time) => [standingAt(isWrong(time) ? 0.1 : 0.7)]);
    const outside = play(watching(rightHalf), { to: 5 }, (time) => [standingAt(isWrong(time) ? 0.7 : 0.1)]);
    expect(inside).toEqual([]);
    expect(outside).toEqual([]);
    const watch = watching(rightHalf);
    play(watch, { to: 1 }, () => [standingAt(0.7)]);
    expect(play(watch, { from: 1.1, to: 9 }, (time) => [standingAt(isWrong(time) ? 0.1 : 0.7)])).toEqual([]);
  });

  it('keeps who is not seen for 1.5 s, and tells after 2 s that he left when he was last seen', () => {
    const missing = (until: number) => (time: number) => (time > 1 && time < until ? [] : [standingAt(0.7)]);
    expect(play(watching(rightHalf), { to: 5 }, missing(2.5)).map(({ kind }) => kind)).toEqual(['enter']);
    const events = play(watching(rightHalf), { to: 5 }, missing(9));
    expect(events).toMatchObject([{ kind: 'enter' }, { kind: 'leave', dwellMs: 1000, time: 3.1 }]);
  });

  it('counts the stay of who was lost just outside until he was first seen there', () => {
    const events = play(watching(rightHalf), { to: 5 }, (time) =>
      time > 1.1 ? [] : [standingAt(time < 1 ? 0.7 : 0.1)],
    );
    expect(events).toMatchObject([{ kind: 'enter' }, { kind: 'leave', dwellMs: 1000, time: 3.2 }]);
  });

  it('takes who comes back under the same id after 2 s without any result for somebody new', () => {
    const watch = watching(rightHalf);
    play(watch, { to: 1 }, () => [standingAt(0.7)]);
    const events = play(watch, { from: 4, to: 5 }, () => [standingAt(0.7)]);
    expect(events.map(({ kind }) => kind)).toEqual(['leave', 'enter']);
  });

  it('counts by label, and only those in classes', () => {
    const watch = watching({ ...rightHalf, classes: ['person', 'dog'] });
    const events = play(watch, { to: 1 }, () => [
      standingAt(0.6, 0.5, 1),
      standingAt(0.7, 0.5, 2, 'dog'),
      standingAt(0.8, 0.5, 3, 'cat'),
      standingAt(0.9, 0.5, 4),
    ]);
    expect(events.map(({ trackId }) => trackId)).toEqual([1, 2, 4]);
    expect(watch.counts()).toEqual({
      right: {
        person: { entered: 2, left: 0, inside: 2 },
        dog: { entered: 1, left: 0, inside: 1 },
      },
    });
  });

  it('counts who leaves under the label that he came with', () => {
    const watch = watching(rightHalf);
    play(watch, { to: 4 }, (time) => [standingAt(time < 2 ? 0.7 : 0.1, 0.5, 1, time < 1 ? 'cat' : 'dog')]);
    expect(watch.counts()).toEqual({ right: { cat: { entered: 1, left: 1, inside: 0 } } });
  });

  it('leaves out what has no track id, and the second of two with one id', () => {
    const { trackId: _, ...nobody } = standingAt(0.7);
    const watch = watching(rightHalf);
    expect(play(watch, { to: 1 }, () => [nobody])).toEqual([]);
    const twice = play(watch, { from: 1.1, to: 2 }, () => [standingAt(0.1), standingAt(0.7)]);
    expect(twice).toEqual([]);
  });

  it('looks at the middle of the lower edge, or at the centre where it is told to', () => {
    const zones = parseZones([{ id: 'ground', kind: 'polygon', points: rectangle(0, 0.5, 1, 1) }]);
    const feetInside = () => [standingAt(0.5, 0.55)];
    expect(play(new ZoneWatch(zones), { to: 1 }, feetInside)).toMatchObject([{ kind: 'enter' }]);
    expect(play(new ZoneWatch(zones, { anchor: 'centre' }), { to: 1 }, feetInside)).toEqual([]);
  });

  it('leaves results out that are not newer, and lets everybody leave when the clock is set back', () => {
    const watch = watching(rightHalf);
    play(watch, { from: 10, to: 11 }, () => [standingAt(0.7)]);
    expect(play(watch, { from: 10, to: 11 }, () => [standingAt(0.1)])).toEqual([]);
    const events = play(watch, { from: 0, to: 1 }, () => [standingAt(0.7)]);
    expect(events).toMatchObject([
      { kind: 'leave', dwellMs: 1000, time: 0 },
      { kind: 'enter', time: 0.2 },
    ]);
  });

  it('tells of 128 and a few in one result, and of the others in the next, losing none', () => {
    const zones = Array.from({ length: 32 }, (_, i) => ({ ...rightHalf, id: `zone ${i}` }));
    const watch = watching(...zones);
    const crowd = Array.from({ length: 20 }, (_, i) => standingAt(0.7, 0.5, i + 1));
    const bySecond = Map.groupBy(
      play(watch, { to: 3 }, () => crowd),
      ({ time }) => time,
    );
    for (const events of bySecond.values()) expect(events.length).toBeLessThan(128 + 32);
    expect([...bySecond.values()].flat()).toHaveLength(20 * 32);
    const left = play(watch, { from: 3.1, to: 9 }, () => []);
    expect(left).toHaveLength(20 * 32);
  });

  it('counts() takes any id and any label for a name', () => {
    const watch = watching({ ...rightHalf, id: '__proto__' });
    play(watch, { to: 1 }, () => [standingAt(0.7, 0.5, 1, '__proto__')]);
    expect(JSON.stringify(watch.counts())).toBe(
      '{"__proto__":{"__proto__":{"entered":1,"left":0,"inside":1}}}',
    );
  });
});
