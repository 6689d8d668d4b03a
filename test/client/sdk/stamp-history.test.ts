import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StampHistory } from '../../../client/sdk/stamp-history.ts';

const FRAME_MS = 33;
const FRAME_TICKS = 3000;

describe('StampHistory', () => {
  it('shown() finds each frame, whichever the screen skips, where frames are noted soon after they came', () => {
    const frame = fc.record({ late: fc.nat(10), isShown: fc.boolean() });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 60 }), (frames) => {
        const history = new StampHistory();
        for (const [at, { late }] of frames.entries()) history.push(at * FRAME_TICKS, at * FRAME_MS + late);
        for (const [at, { isShown }] of frames.entries()) {
          if (isShown) expect(history.shown(at * FRAME_MS)).toBe(at * FRAME_TICKS);
        }
      }),
    );
  });

  it('shown() takes the frames of a burst in their order', () => {
    const history = new StampHistory();
    for (const at of [0, 1, 2]) history.push(at * FRAME_TICKS, 100);
    expect([99.1, 99.2, 99.3].map((ms) => history.shown(ms))).toEqual([0, FRAME_TICKS, 2 * FRAME_TICKS]);
  });

  it('shown() finds the same frame again where the browser tells of it twice', () => {
    const history = new StampHistory();
    for (const at of [0, 1]) history.push(at * FRAME_TICKS, at * FRAME_MS);
    expect([0, 0, FRAME_MS].map((ms) => history.shown(ms))).toEqual([0, 0, FRAME_TICKS]);
  });

  it('shown() finds nothing where no frame came about then', () => {
    const history = new StampHistory();
    expect(history.shown(0)).toBeUndefined();
    history.push(0, 0);
    expect(history.shown(51)).toBeUndefined();
  });

  it('forgets the oldest', () => {
    const history = new StampHistory();
    for (let at = 0; at < 121; at += 1) history.push(at, at * 1000);
    expect([history.shown(0), history.shown(1000)]).toEqual([undefined, 1]);
  });
});
