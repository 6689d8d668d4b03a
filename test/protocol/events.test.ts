import { describe, expect, it } from 'vitest';
import { eventSchema, type Occurrence, stampEvent } from '../../protocol/events.ts';

const stamp = { rtpTimestamp: 90_000, time: 1_700_000_000_000 };
const who = { trackId: 7, label: 'person' };
const counts = { person: { entered: 1, left: 0, inside: 1 } };

describe('stampEvent()', () => {
  it.each<Occurrence>([
    { kind: 'enter', zoneId: 'a', ...who, counts },
    { kind: 'leave', zoneId: 'a', ...who, dwellMs: 1200, counts },
    {
      kind: 'cross',
      zoneId: 'l',
      ...who,
      direction: 'forward',
      counts: { person: { forward: 1, backward: 0 } },
    },
    { kind: 'waving', ...who, hand: 'left' },
  ])('makes of what occurred ($kind) an event as eventSchema has it', (occurrence) => {
    const event = stampEvent(occurrence, { ...stamp, sessionId: 's', mid: '0' });
    expect(eventSchema.parse(event)).toEqual({
      type: 'event',
      v: 1,
      sessionId: 's',
      mid: '0',
      ...stamp,
      ...occurrence,
    });
  });

  it('leaves the session and the section out where the stamp does', () => {
    const event = stampEvent({ kind: 'waving', ...who, hand: 'left' }, stamp);
    expect(Object.keys(event)).not.toContain('sessionId');
    expect(eventSchema.parse(event)).toEqual(event);
  });
});

describe('eventSchema', () => {
  it.each([
    ['a crossing without a direction', { kind: 'cross', zoneId: 'l', ...who, counts: {} }],
    ['a gesture without a hand', { kind: 'raised-hand', ...who }],
    ['a stay of NaN', { kind: 'dwell', zoneId: 'a', ...who, dwellMs: Number.NaN, counts }],
    ['another kind', { kind: 'sneeze', ...who }],
  ])('refuses %s', (_, event) => {
    expect(eventSchema.safeParse({ type: 'event', v: 1, ...stamp, ...event }).success).toBe(false);
  });
});
