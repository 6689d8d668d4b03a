import { describe, expect, it } from 'vitest';
import { OverlaySync } from '../../../client/sdk/overlay-sync.ts';
import { readEvents } from '../../../client/sdk/read-events.ts';
import { isOwn, ResultHistory } from '../../../client/sdk/result-history.ts';
import { type Detections, detectionsSchema } from '../../../protocol/detections.ts';

/** RTP ticks between two frames at 30 a second. */
const FRAME = 3000;

function result(rtpTimestamp: number, fields: object = {}): Detections {
  return detectionsSchema.parse({
    type: 'detections',
    v: 1,
    sessionId: 'p1-x',
    mid: '0',
    seq: 1,
    rtpTimestamp,
    captureTime: 1,
    width: 640,
    height: 480,
    task: 'detect',
    model: 'yolox-nano',
    objects: [],
    timings: { total: 30 },
    ...fields,
  });
}

function history(...results: Detections[]): ResultHistory {
  const made = new ResultHistory();
  for (const one of results) made.push(one);
  return made;
}

describe('ResultHistory', () => {
  it('at() finds the result of the frame among those before and after it', () => {
    const own = result(4 * FRAME);
    const found = history(result(3 * FRAME), own, result(5 * FRAME)).at('0', 4 * FRAME);
    expect(found).toEqual([{ detections: own, ticks: 0 }]);
  });

  it('at() takes the nearest where the frame has none of its own', () => {
    const found = history(result(0), result(4 * FRAME)).at('0', 3 * FRAME);
    expect(found).toMatchObject([{ ticks: -FRAME }]);
  });

  it('at() finds none that is half a second away', () => {
    expect(history(result(0)).at('0', 45_001)).toEqual([]);
    expect(history(result(0)).at('0', 45_000)).toHaveLength(1);
  });

  it('at() goes over the wrap of timestamps', () => {
    expect(history(result(2 ** 32 - FRAME)).at('0', 0)).toMatchObject([{ ticks: FRAME }]);
  });

  it('at() has one result of each model', () => {
    const found = history(result(0), result(0, { model: 'movenet' }), result(FRAME)).at('0', FRAME);
    expect(found.map(({ ticks, detections }) => [detections.model, ticks])).toEqual([
      ['yolox-nano', 0],
      ['movenet', FRAME],
    ]);
  });

  it('at() keeps the results of each track apart', () => {
    const other = result(FRAME, { mid: '1' });
    const both = history(result(0), other);
    expect(both.at('1', 0)).toEqual([{ detections: other, ticks: -FRAME }]);
    expect(both.at('0', 0)).toMatchObject([{ ticks: 0 }]);
    expect(both.at('2', 0)).toEqual([]);
  });

  it('at() lets a browser be off by a tick: the result is the frame’s own all the same', () => {
    const [near, far] = [1, FRAME].map((ticks) => history(result(0)).at('0', ticks));
    expect([near, far].map((matches) => matches?.map(isOwn))).toEqual([[true], [false]]);
  });

  it('newest() is the last result of each model', () => {
    const found = history(result(0), result(0, { model: 'movenet' }), result(FRAME)).newest('0');
    expect(found.map(({ detections }) => detections.rtpTimestamp)).toEqual([FRAME, 0]);
  });

  it('carried() is the age of the newest result that was there when the frame came to the server', () => {
    // The result of a frame is there after 30 ms, which is 2700 ticks.
    const known = history(result(0), result(2 * FRAME), result(3 * FRAME));
    expect([3, 4, 5].map((frame) => known.carried('0', frame * FRAME))).toEqual([FRAME, FRAME, 2 * FRAME]);
    expect(known.carried('0', 2000)).toBeNull();
    expect(known.carried('1', 3 * FRAME)).toBeNull();
  });

  it('forgets the oldest', () => {
    const results = Array.from({ length: 121 }, (_, index) => result(index));
    expect(history(...results).at('0', 0)).toMatchObject([{ ticks: -1 }]);
  });
});

describe('OverlaySync', () => {
  it('framesOff is the median distance in frames', () => {
    const sync = new OverlaySync();
    expect(sync.framesOff).toBeNull();
    for (let at = 0; at < 9; at += 1) {
      sync.frame(at * FRAME, undefined);
      sync.drawn(at % 3 === 0 ? -2 * FRAME : FRAME);
    }
    expect(sync.framesOff).toBe(1);
  });

  it('framesOff goes by the distance of two frames where the screen skips some', () => {
    const sync = new OverlaySync();
    for (const at of [0, 1, 2, 4, 6, 7, 9]) {
      sync.frame(at * FRAME, undefined);
      sync.drawn(FRAME);
    }
    expect(sync.framesOff).toBe(1);
  });

  it('waitMs is what results come later than their frames, whichever is known first', () => {
    const sync = new OverlaySync();
    expect(sync.waitMs(0.9)).toBeNull();
    sync.frame(FRAME, 1000);
    sync.result(FRAME, 1060);
    sync.result(2 * FRAME, 1093);
    sync.frame(2 * FRAME, 1033);
    expect(sync.waitMs(0.9)).toBeGreaterThanOrEqual(60);
    expect(sync.waitMs(0.9)).toBeLessThan(90);
  });

  it('waitMs has a bound, and is never less than nothing', () => {
    const [slow, early] = [new OverlaySync(), new OverlaySync()];
    slow.frame(0, 0);
    slow.result(0, 10_000);
    early.frame(0, 1000);
    early.result(0, 500);
    expect([slow.waitMs(0.9), early.waitMs(0.9)]).toEqual([400, 0]);
  });
});

describe('readEvents()', () => {
  it('gives each event the session and the media section of its result', () => {
    const wave = {
      type: 'event',
      v: 1,
      rtpTimestamp: 5,
      time: 1,
      trackId: 1,
      label: 'person',
      kind: 'waving',
      hand: 'left',
    };
    expect(readEvents(result(5, { events: [wave] }))).toEqual([{ ...wave, sessionId: 'p1-x', mid: '0' }]);
    expect(readEvents(result(5))).toEqual([]);
  });
});
