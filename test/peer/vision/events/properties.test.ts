import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ZoneWatch } from '../../../../peer/vision/events/zone-watch.ts';
import type { DetectedObject } from '../../../../protocol/detections.ts';
import { eventSchema, type Occurrence, stampEvent, type ZoneCounts } from '../../../../protocol/events.ts';
import { middleLine, rightHalf, standingAt, watching } from './scene.ts';

const zones = [{ ...rightHalf, dwellSeconds: 0.5 }, middleLine];
/** A coarse grid, so that things stand still and come back to where they were. */
const coordinate = fc.nat(8).map((step) => step / 8);
const someone = fc
  .tuple(coordinate, coordinate, fc.integer({ min: 1, max: 4 }), fc.constantFrom('person', 'dog'))
  .map((place) => standingAt(...place));
const anything = fc.double();
const wild = fc
  .record({ x: anything, y: anything, width: anything, height: anything })
  .map((box): DetectedObject => ({ ...standingAt(0, 0, 5), box }));
const gap = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0.04, 0.1, 0.3) },
  { weight: 1, arbitrary: fc.constantFrom(0, 2.5, -0.2, -9, Number.NaN) },
);
const walk = fc.array(
  fc.tuple(gap, fc.array(fc.oneof({ weight: 6, arbitrary: someone }, wild), { maxLength: 5 })),
  {
    minLength: 20,
    maxLength: 80,
  },
);

function* show(watch: ZoneWatch, steps: Iterable<[number, DetectedObject[]]>): Generator<Occurrence> {
  let time = 100;
  for (const [gapSeconds, objects] of steps) {
    const next = time + gapSeconds;
    if (Number.isFinite(next)) time = next;
    yield* watch.update(objects, next);
  }
}

function insideOf(watch: ZoneWatch): number[] {
  const counts = watch.counts()['right'] as ZoneCounts;
  return Object.values(counts).map(({ entered, left, inside }) => {
    expect(inside).toBe(entered - left);
    return inside;
  });
}

describe('ZoneWatch, whatever it is shown', () => {
  it('lets a track enter before it leaves, and leave before it enters again, and counts that', () => {
    let events = 0;
    fc.assert(
      fc.property(walk, (steps) => {
        const watch = watching(...zones);
        const inside = new Set<number>();
        for (const { kind, trackId } of show(watch, steps)) {
          events++;
          if (kind === 'enter') expect(inside.has(trackId)).toBe(false);
          if (kind === 'leave' || kind === 'dwell') expect(inside.has(trackId)).toBe(true);
          if (kind === 'enter') inside.add(trackId);
          if (kind === 'leave') inside.delete(trackId);
        }
        expect(insideOf(watch).reduce((a, b) => a + b, 0)).toBe(inside.size);
        const rest = [...watch.update([], 1e6)];
        expect(rest.filter(({ kind }) => kind === 'leave')).toHaveLength(inside.size);
        expect(insideOf(watch).every((count) => count === 0)).toBe(true);
      }),
      { numRuns: 200, seed: 11 },
    );
    expect(events).toBeGreaterThan(500);
  });

  it('gives events as eventSchema has them, the newest with the counts as they are', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const watch = watching(...zones);
        for (const occurrence of show(watch, steps)) {
          const event = stampEvent(occurrence, { rtpTimestamp: 0, time: 0 });
          expect(eventSchema.parse(event)).toEqual(event);
        }
      }),
    );
  });

  it('gives of a line that points the other way the same with the directions exchanged', () => {
    const other = { forward: 'backward', backward: 'forward' };
    const { from, to } = middleLine;
    fc.assert(
      fc.property(walk, (steps) => {
        const crossings = [...show(watching(middleLine), steps)];
        const turned = [...show(watching({ ...middleLine, from: to, to: from }), steps)];
        expect(turned.map((event) => event.kind === 'cross' && [event.trackId, event.direction])).toEqual(
          crossings.map((event) => event.kind === 'cross' && [event.trackId, other[event.direction]]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('has crossings there and back in turns where nobody can go round the line', () => {
    const endless = { ...middleLine, from: { x: 0.5, y: 1.5 }, to: { x: 0.5, y: -0.5 } };
    fc.assert(
      fc.property(walk, (steps) => {
        const last = new Map<number, string>();
        const quiet = steps.map(([, objects]): [number, DetectedObject[]] => [
          0.1,
          objects.filter(isOnFrame),
        ]);
        for (const event of show(watching(endless), quiet)) {
          if (event.kind !== 'cross') continue;
          // Who was away for two seconds is somebody new, and may come from either side.
          if (wasNeverLost(quiet, event.trackId)) expect(event.direction).not.toBe(last.get(event.trackId));
          last.set(event.trackId, event.direction);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function isOnFrame({ trackId }: DetectedObject): boolean {
  return trackId !== 5;
}

function wasNeverLost(steps: readonly [number, DetectedObject[]][], id: number): boolean {
  const turns = steps.flatMap(([, objects], turn) =>
    objects.some(({ trackId }) => trackId === id) ? [turn] : [],
  );
  return turns.every((turn, i) => i === 0 || turn - (turns[i - 1] as number) <= 19);
}
