import { describe, expect, it } from 'vitest';
import { Roster } from '../../../../peer/vision/events/roster.ts';

function meetAll(roster: Roster<object>, from: number, count: number): number {
  const ids = Array.from({ length: count }, (_, i) => from + i);
  return ids.filter((id) => roster.meet(id, () => ({})) !== undefined).length;
}

describe('Roster', () => {
  it('meet() takes 256 tracks, and others when those are gone', () => {
    const roster = new Roster<object>();
    roster.advance(0);
    expect(meetAll(roster, 1, 1000)).toBe(256);
    roster.advance(1);
    expect(meetAll(roster, 1001, 1000)).toBe(0);
    roster.advance(2.5);
    const gone = roster.gone();
    expect(gone).toHaveLength(256);
    for (const { trackId } of gone) roster.forget(trackId);
    expect(meetAll(roster, 2001, 1000)).toBe(256);
  });

  it('meet() gives the state of a track once a result', () => {
    const roster = new Roster<{ count: number }>();
    const begin = () => ({ count: 0 });
    roster.advance(0);
    const state = roster.meet(1, begin);
    expect(state).toEqual({ count: 0 });
    expect(roster.meet(1, begin)).toBeUndefined();
    roster.advance(1);
    expect(roster.meet(1, begin)).toBe(state);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 9.9, 10])(
    'advance() leaves a result of %d s out after one of 10 s',
    (time) => {
      const roster = new Roster<object>();
      roster.advance(10);
      expect(roster.advance(time)).toBe(false);
      expect(roster.advance(10.1)).toBe(true);
    },
  );

  it('gone() gives everybody when the clock was set back, also who was seen at about its new time', () => {
    const roster = new Roster<object>();
    roster.advance(8.5);
    roster.meet(1, () => ({}));
    roster.advance(10);
    roster.meet(2, () => ({}));
    expect(roster.gone()).toHaveLength(0);
    expect(roster.advance(7.9)).toBe(true);
    expect(roster.gone().map(({ trackId }) => trackId)).toEqual([1, 2]);
  });
});
