import { Tracker } from '../../../peer/vision/tracking/tracker.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';
import { THRESHOLD, type Truth } from './truth.ts';

/** How the model keeps up with a film. */
export interface LiveOptions {
  /** Frames a second that the model looks at. */
  readonly inferences: number;
  /** Seconds from a frame to its result. */
  readonly delay: number;
  /** How often faster than life the film is played. */
  readonly speed?: number;
}

/** What is drawn on one frame while the film plays. */
export interface DrawnFrame {
  /** What every frame would have with a result of its own. */
  readonly sure: readonly DetectedObject[];
  readonly all: readonly DetectedObject[];
  /** The boxes of the newest result, as they were. */
  readonly held: readonly DetectedObject[];
  /** Those of the tracker. */
  readonly carried: readonly DetectedObject[];
  /** The identity that each track had when it was last seen. */
  readonly identityOf: ReadonlyMap<number, number>;
}

/** Plays a film: a frame is drawn with results that were there by then, and never waits. */
export function* playLive(truth: Truth, options: LiveOptions): Generator<DrawnFrame> {
  const { film, frames, identities } = truth;
  const rate = film.rate * (options.speed ?? 1);
  const tracker = new Tracker();
  const running: number[] = [];
  const identityOf = new Map<number, number>();
  let held: readonly DetectedObject[] = [];
  let inferred = 0;
  for (const [index, all] of frames.entries()) {
    const time = index / rate;
    if (isDue(time, inferred / options.inferences)) {
      running.push(index);
      inferred++;
    }
    while (running[0] !== undefined && isDue(time, running[0] / rate + options.delay)) {
      const at = running.shift() ?? 0;
      const objects = frames[at] ?? [];
      held = objects.filter(isSure);
      const seen = tracker.update({ ...film, objects, time: at / rate, threshold: THRESHOLD });
      for (const object of seen) noteIdentity(object, objects, identities, identityOf);
    }
    const carried = tracker.at(time);
    yield { sure: all.filter(isSure), all, held, carried, identityOf };
  }
}

function isSure({ score }: DetectedObject): boolean {
  return score >= THRESHOLD;
}

function isDue(time: number, due: number): boolean {
  return time >= due - 1e-9;
}

/** The tracker gives boxes back as they were, so an object of a result is known by its box. */
function noteIdentity(
  { trackId, box }: DetectedObject,
  objects: readonly DetectedObject[],
  identities: ReadonlyMap<DetectedObject, number>,
  identityOf: Map<number, number>,
): void {
  const object = objects.find((candidate) => candidate.box === box);
  const identity = object && identities.get(object);
  if (trackId !== undefined && identity !== undefined) identityOf.set(trackId, identity);
}
