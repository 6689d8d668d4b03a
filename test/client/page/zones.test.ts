import { describe, expect, it } from 'vitest';
import { orderTasks, taskWords } from '../../../client/page/task-words.ts';
import { ZoneTotals } from '../../../client/page/zone-counts.ts';
import { ZoneCursor } from '../../../client/page/zone-cursor.ts';
import { freeName, ZoneDraft } from '../../../client/page/zone-draft.ts';
import { eventSchema, type SceneEvent } from '../../../protocol/events.ts';
import { parseZones } from '../../../protocol/zones.ts';

const square = [
  { x: 0.1, y: 0.1 },
  { x: 0.9, y: 0.1 },
  { x: 0.9, y: 0.9 },
  { x: 0.1, y: 0.9 },
];

describe('ZoneDraft', () => {
  it('makes a polygon of its corners that the protocol takes', () => {
    const draft = new ZoneDraft('polygon');
    expect(square.map((corner) => draft.add(corner))).toEqual([false, false, false, false]);
    const zone = draft.finish('Zone 1');
    expect(parseZones([zone])).toEqual([{ id: 'Zone 1', kind: 'polygon', points: square }]);
  });

  it('adds nothing with the second click of a double click', () => {
    const draft = new ZoneDraft('polygon');
    for (const corner of square) draft.add(corner);
    draft.add({ x: 0.101, y: 0.902 });
    expect(draft.corners).toEqual(square);
  });

  it('is whole when a polygon comes back to its first corner, or a line has its second', () => {
    const polygon = new ZoneDraft('polygon');
    for (const corner of square) polygon.add(corner);
    expect(polygon.add({ x: 0.11, y: 0.11 })).toBe(true);
    expect(polygon.corners).toHaveLength(4);
    const line = new ZoneDraft('line');
    expect(line.add({ x: 0, y: 0.5 })).toBe(false);
    expect(line.add({ x: 1, y: 0.5 })).toBe(true);
    expect(parseZones([line.finish('Line 1')])).toHaveLength(1);
  });

  it('finish() makes nothing of too few corners', () => {
    const draft = new ZoneDraft('polygon');
    for (const corner of square.slice(0, 3)) draft.add(corner);
    draft.undo();
    expect(draft.finish('Zone 1')).toBeNull();
    expect(new ZoneDraft('line').finish('Line 1')).toBeNull();
  });

  it('freeName() takes the first number that no zone has', () => {
    const [from = { x: 0, y: 0 }, to = { x: 0, y: 0 }] = square;
    const line = (id: string) => ({ id, kind: 'line', from, to }) as const;
    expect(freeName('line', [line('Line 1'), line('Line 3')])).toBe('Line 2');
    expect(freeName('polygon', [line('Line 1')])).toBe('Zone 1');
  });
});

describe('ZoneCursor', () => {
  const press = (cursor: ZoneCursor, key: string, times: number, shiftKey = false) => {
    for (let time = 0; time < times; time += 1) expect(cursor.move({ key, shiftKey })).toBe(true);
  };

  it('goes by arrow keys from the middle, and finely with Shift', () => {
    const cursor = new ZoneCursor();
    press(cursor, 'ArrowLeft', 2);
    press(cursor, 'ArrowDown', 3, true);
    expect(cursor.at).toEqual({ x: 0.4, y: 0.53 });
    expect(cursor.words).toBe('40 % from the left, 53 % from the top');
  });

  it('stays in the picture, and leaves other keys alone', () => {
    const cursor = new ZoneCursor();
    press(cursor, 'ArrowRight', 40);
    press(cursor, 'ArrowUp', 40);
    expect(cursor.at).toEqual({ x: 1, y: 0 });
    expect(cursor.move({ key: 'Tab', shiftKey: false })).toBe(false);
  });
});

describe('ZoneTotals', () => {
  const event = (fields: object): SceneEvent =>
    eventSchema.parse({
      type: 'event',
      v: 1,
      rtpTimestamp: 1,
      time: 1,
      trackId: 1,
      label: 'person',
      ...fields,
    });
  const counts = { person: { entered: 3, left: 2, inside: 1 }, dog: { entered: 1, left: 0, inside: 1 } };
  const zone = { id: 'Zone 1', kind: 'polygon' } as const;

  it('adds up the newest counts of every label', () => {
    const totals = new ZoneTotals();
    expect(totals.words(zone)).toBe('0 inside, 0 entered');
    totals.push(event({ kind: 'enter', zoneId: 'Zone 1', counts }));
    totals.push(event({ kind: 'waving', hand: 'left' }));
    expect(totals.words(zone)).toBe('2 inside, 4 entered');
  });

  it('counts both ways over a line, and forgets a zone that is gone', () => {
    const totals = new ZoneTotals();
    const line = { id: 'Line 1', kind: 'line' } as const;
    const crossed = { person: { forward: 2, backward: 1 } };
    totals.push(event({ kind: 'cross', zoneId: 'Line 1', direction: 'forward', counts: crossed }));
    expect(totals.words(line)).toBe('2 forward, 1 back');
    totals.keep([]);
    expect(totals.words(line)).toBe('0 forward, 0 back');
  });
});

describe('orderTasks()', () => {
  it('has each task once, in the order of the page, and those of newer servers last', () => {
    expect(orderTasks(['newer', 'pose', 'detect', 'pose'])).toEqual(['detect', 'pose', 'newer']);
    expect(taskWords('newer')).toBe('newer');
  });
});
