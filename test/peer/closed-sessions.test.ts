import { describe, expect, it } from 'vitest';
import { ClosedSessions } from '../../peer/closed-sessions.ts';
import type { SessionDescription } from '../../protocol/session.ts';

const description = (sessionId: string) => ({ sessionId }) as SessionDescription;

describe('ClosedSessions', () => {
  it('find() tells of a session for five minutes', () => {
    const closed = new ClosedSessions();
    closed.keep(description('a'), 1000);
    expect(closed.find('a', 300_999)).toEqual(description('a'));
    expect(closed.find('a', 301_000)).toBeUndefined();
    expect(closed.find('b', 1000)).toBeUndefined();
  });

  it('keep() holds the newest 50', () => {
    const closed = new ClosedSessions();
    for (let index = 0; index < 51; index += 1) closed.keep(description(`s${index}`), index);
    expect(closed.find('s0', 60)).toBeUndefined();
    expect(closed.find('s1', 60)).toEqual(description('s1'));
    expect(closed.find('s50', 60)).toEqual(description('s50'));
  });
});
