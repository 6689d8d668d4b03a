import type { Box, DetectedObject } from '../../../protocol/detections.ts';
import { associate } from './associate.ts';
import { MEMORY_SECONDS, Track } from './track.ts';

/** Objects of one result that are looked at, the best first. */
const MAX_OBJECTS = 100;
/** Tracks that are kept; where there are more, those that were not seen for the longest go first. */
const MAX_TRACKS = 200;
/** Seconds after which a result is too old to be drawn: better no box than one from a second ago. */
const STALE_SECONDS = 1;
/** Share by which the aspect of the frame may change before it is another picture. */
const SAME_ASPECT = 0.02;
/** Sides of a box that can be followed, in fractions of the frame. */
const MIN_SIDE = 1 / 4096;
const MAX_SIDE = 2;

/** What a model found in one frame. */
export interface Observation {
  /** In any order; what is not a box on the picture is left out. */
  readonly objects: readonly DetectedObject[];
  /** Seconds, when the frame was taken, on a clock that does not wrap, such as an unwrapped RTP timestamp / 90 000. */
  readonly time: number;
  /** Of the frame, in pixels. Another aspect is another picture; another resolution is not. */
  readonly width: number;
  readonly height: number;
  /** Below this score objects only continue tracks. A model gives such objects where it runs with a lower threshold. */
  readonly threshold: number;
}

/**
 * Follows objects from result to result, gives them ids, and says where they are in the frames between and after. Ids
 * count from 1 and are never given twice. Costs microseconds an object; holds no clock and nothing to be freed.
 */
export class Tracker {
  #tracks: readonly Track[] = [];
  /** Seconds, of the newest result. */
  #resultAt = Number.NEGATIVE_INFINITY;
  #aspect = 1;
  #nextId = 1;

  /**
   * Takes in a result. A result that is not newer than the one before is given ids as far as they are known, and
   * changes nothing; one from so long ago that the clock must have been set back begins anew.
   *
   * @returns the objects as they were given, best first, with ids. Unsure ones that continue no track are left out.
   */
  update({ objects, time, width, height, threshold }: Observation): DetectedObject[] {
    this.#startOverIfNeeded(time, width / height);
    const usable = objects.filter(isUsable).toSorted(byScore).slice(0, MAX_OBJECTS);
    const known = this.#tracks.filter((track) => !track.isForgotten(time, this.#resultAt));
    const found = associate(known, { objects: usable, time, threshold }, this.#resultAt);
    const fresh = usable.filter((object) => object.score >= threshold && !found.has(object));
    if (time > this.#resultAt) this.#learn(known, found, fresh, time);
    return usable.flatMap((object) => {
      const id = found.get(object)?.id;
      if (id !== undefined) return [{ ...object, trackId: id }];
      return object.score >= threshold ? [object] : [];
    });
  }

  /**
   * The objects carried to the time of another frame, best first, with boxes cut off at the edges of the picture. What
   * the model misses stays for a moment; what leaves the picture, or has only an old result behind it, is left out.
   */
  at(time: number): DetectedObject[] {
    if (!(Math.abs(time - this.#resultAt) <= STALE_SECONDS)) return [];
    const objects: DetectedObject[] = [];
    for (const track of this.#tracks) {
      if (!track.isDrawn(this.#resultAt)) continue;
      const object = track.objectAt(time);
      const box = cutOff(object.box);
      if (box) objects.push({ ...object, box });
    }
    return objects.sort((a, b) => b.score - a.score);
  }

  /** Forgets every track, as after a change of the model. Ids go on where they were. */
  reset(): void {
    this.#tracks = [];
    this.#resultAt = Number.NEGATIVE_INFINITY;
  }

  #startOverIfNeeded(time: number, aspect: number): void {
    const isSetBack = time < this.#resultAt - MEMORY_SECONDS;
    const isTurned = Math.abs(aspect / this.#aspect - 1) > SAME_ASPECT;
    if (isSetBack || isTurned) this.reset();
    if (isTurned) this.#aspect = aspect;
  }

  #learn(
    known: readonly Track[],
    found: ReadonlyMap<DetectedObject, Track>,
    fresh: readonly DetectedObject[],
    time: number,
  ): void {
    if (found.size + fresh.length > 0 && this.#isCut(known, found)) for (const track of known) track.hide();
    for (const [object, track] of found) track.see(object, time, () => this.#nextId++);
    const born = fresh.map((object) => new Track(object, time));
    const tracks = [...known, ...born];
    if (tracks.length > MAX_TRACKS) tracks.sort((a, b) => b.seenAt - a.seenAt).splice(MAX_TRACKS);
    this.#tracks = tracks;
    this.#resultAt = time;
  }

  /** Nothing is where it was drawn: another scene. Boxes of the old one would be ghosts. */
  #isCut(known: readonly Track[], found: ReadonlyMap<DetectedObject, Track>): boolean {
    const seen = new Set(found.values());
    return !known.some((track) => seen.has(track) && track.isDrawn(this.#resultAt));
  }
}

function isUsable({ box, score }: DetectedObject): boolean {
  const { x, y, width, height } = box;
  const isBox = Math.min(width, height) >= MIN_SIDE && Math.max(width, height) <= MAX_SIDE;
  return isBox && score >= 0 && score <= 1 && x < 1 && y < 1 && x + width > 0 && y + height > 0;
}

/** A total order, so that the order in which a model names what it found changes nothing. */
function byScore(a: DetectedObject, b: DetectedObject): number {
  return (
    b.score - a.score ||
    a.classId - b.classId ||
    a.box.x - b.box.x ||
    a.box.y - b.box.y ||
    a.box.width - b.box.width ||
    a.box.height - b.box.height
  );
}

function cutOff({ x, y, width, height }: Box): Box | undefined {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(1, x + width), Math.min(1, y + height)];
  return right > left && bottom > top
    ? { x: left, y: top, width: right - left, height: bottom - top }
    : undefined;
}
