import { describe, expect, it } from 'vitest';
import { along, MARGIN, middleLine, play, standingAt, watching } from './scene.ts';

const [left, right] = [
  { x: 0.1, y: 0.5 },
  { x: 0.9, y: 0.5 },
];

describe('ZoneWatch at a line', () => {
  it.each([
    { from: left, to: right, direction: 'forward', forward: 1, backward: 0 },
    { from: right, to: left, direction: 'backward', forward: 0, backward: 1 },
  ])('tells of who crosses it $direction', ({ from, to, direction, ...counts }) => {
    expect(play(watching(middleLine), { to: 8 }, along(from, to, 8))).toEqual([
      {
        kind: 'cross',
        zoneId: 'line',
        trackId: 1,
        label: 'person',
        direction,
        counts: { person: counts },
        time: expect.closeTo(4.2, 0),
      },
    ]);
  });

  it('tells of who jumps over it from one result to the next', () => {
    const events = play(watching(middleLine), { to: 3, rate: 2 }, (time) => [standingAt(time < 1 ? 0 : 1)]);
    expect(events).toMatchObject([{ kind: 'cross', direction: 'forward', time: 1.5 }]);
  });

  it('tells of who was last seen over it, when he is gone', () => {
    const events = play(watching(middleLine), { to: 5 }, (time) => {
      if (time > 1) return [];
      return [standingAt(time < 1 ? 0.4 : 0.7)];
    });
    expect(events).toMatchObject([{ kind: 'cross', direction: 'forward', time: 3.1 }]);
  });

  it('does not tell again of who was gone over it and comes back there under the same id', () => {
    const events = play(watching(middleLine), { to: 9 }, (time) => {
      if (time > 1 && time < 5) return [];
      return [standingAt(time < 1 ? 0.4 : 0.7)];
    });
    expect(events).toMatchObject([{ kind: 'cross', direction: 'forward', time: 3.1 }]);
  });

  it('does not tell of who was last seen upon it', () => {
    const events = play(watching(middleLine), { to: 5 }, (time) => {
      if (time > 1) return [];
      return [standingAt(time < 1 ? 0.4 : 0.5 + MARGIN / 2)];
    });
    expect(events).toEqual([]);
  });

  it.each([
    { what: 'past its end', way: along({ x: 0.1, y: 0.95 }, { x: 0.9, y: 0.95 }, 4) },
    { what: 'up to it and back', way: (time: number) => [standingAt(0.5 - Math.abs(time - 2) / 5)] },
    { what: 'over it for one result', way: (time: number) => [standingAt(time === 2 ? 0.7 : 0.3)] },
    { what: 'along it', way: along({ x: 0.51, y: 0 }, { x: 0.51, y: 1 }, 4) },
  ])('tells nothing of who goes $what', ({ way }) => {
    expect(play(watching(middleLine), { to: 4 }, way)).toEqual([]);
  });

  it.each([5, 10, 30])('tells nothing of who trembles upon it, at %d results a second', (rate) => {
    const events = play(watching(middleLine), { to: 60, rate }, (time) => [
      standingAt(0.5 + 0.9 * MARGIN * Math.sin(time * 37)),
    ]);
    expect(events).toEqual([]);
  });

  it('tells once of who waits upon it for ten seconds and goes on', () => {
    const events = play(watching(middleLine), { to: 14 }, (time) => {
      if (time < 1) return [standingAt(0.4)];
      return [standingAt(time < 11 ? 0.5 + 0.9 * MARGIN * Math.sin(time * 37) : 0.6)];
    });
    expect(events.map(({ kind }) => kind)).toEqual(['cross']);
  });

  it('counts who walks to and fro each time, by label', () => {
    const watch = watching(middleLine);
    const directions = play(watch, { to: 10 }, (time) => [
      standingAt(0.5 - 0.3 * Math.cos((time * Math.PI) / 2)),
      standingAt(0.5 + 0.3 * Math.cos((time * Math.PI) / 2), 0.5, 2, 'dog'),
    ]);
    expect(directions).toHaveLength(10);
    expect(watch.counts()).toEqual({
      line: { person: { forward: 3, backward: 2 }, dog: { forward: 2, backward: 3 } },
    });
  });

  it('counts once who circles round its end for a moment, however often', () => {
    const end = middleLine.to;
    const events = play(watching(middleLine), { to: 6, rate: 30 }, (time) => {
      if (time > 3) return [standingAt(0.6, end.y)];
      const [x, y] = [Math.sin(time * 20), Math.cos(time * 20)];
      return [standingAt(end.x + 0.8 * MARGIN * x, end.y + 0.8 * MARGIN * y)];
    });
    expect(events.length).toBeLessThanOrEqual(1);
  });
});
