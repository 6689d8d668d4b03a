import { ZoneWatch } from '../../../../peer/vision/events/zone-watch.ts';
import type { DetectedObject } from '../../../../protocol/detections.ts';
import type { Occurrence } from '../../../../protocol/events.ts';
import type { Point } from '../../../../protocol/polygon.ts';
import { parseZones } from '../../../../protocol/zones.ts';

/** The right half of the frame. */
export const rightHalf = {
  id: 'right',
  kind: 'polygon',
  points: [
    { x: 0.5, y: -0.5 },
    { x: 1.5, y: -0.5 },
    { x: 1.5, y: 1.5 },
    { x: 0.5, y: 1.5 },
  ],
};

/** From the bottom to the top through the middle of the frame, so that to the right is forward. */
export const middleLine = { id: 'line', kind: 'line', from: { x: 0.5, y: 0.9 }, to: { x: 0.5, y: 0.1 } };

/** Half the height of what stands there. A place may be wrong by 0.005 + 0.02 · 0.2. */
export const MARGIN = 0.009;

/** Somebody whose feet are at this place. */
export function standingAt(x: number, y = 0.5, trackId = 1, label = 'person'): DetectedObject {
  const box = { x: x - 0.05, y: y - 0.2, width: 0.1, height: 0.2 };
  return { label, classId: 0, score: 0.8, box, trackId };
}

export function watching(...zones: object[]): ZoneWatch {
  return new ZoneWatch(parseZones(zones));
}

type Timed = Occurrence & { readonly time: number };

/** Shows what is there in [from, to], so many times a second, and gives what occurred with its seconds. */
export function play(
  watch: ZoneWatch,
  { from = 0, to, rate = 10 }: { from?: number; to: number; rate?: number },
  objectsAt: (time: number) => readonly DetectedObject[],
): Timed[] {
  const events: Timed[] = [];
  for (let turn = Math.round(from * rate); turn <= Math.round(to * rate); turn++) {
    const time = turn / rate;
    for (const event of watch.update(objectsAt(time), time)) events.push({ ...event, time });
  }
  return events;
}

/** Evenly along the way from a to b, from second 0 to the last. */
export function along(a: Point, b: Point, seconds: number): (time: number) => DetectedObject[] {
  return (time) => {
    const share = Math.min(1, time / seconds);
    return [standingAt(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))];
  };
}
