import type { Box, DetectedObject, Keypoint } from '../../../protocol/detections.ts';
import { BoxFilter } from './box-filter.ts';

/** Seconds that a box goes on being drawn while the model does not see what it is about: one missed result at 5 a second. */
const COAST_SECONDS = 0.25;
/** Seconds that something without an id may go unseen. */
const TENTATIVE_SECONDS = 0.25;
/** Seconds after which what was lost is somebody new when it comes back. */
export const MEMORY_SECONDS = 2;
/** A box is carried no further than this, in seconds; beyond it stands still. */
const MAX_REACH_SECONDS = 0.5;

/**
 * One thing that is followed. It is tentative, without an id, until it has been seen twice; it is lost from the first
 * result that it is missing in until it is seen again or forgotten.
 */
export class Track {
  readonly classId: number;
  readonly #filter: BoxFilter;
  #newest: DetectedObject;
  #seenAt: number;
  #id: number | undefined;
  #hidden = false;

  constructor(object: DetectedObject, time: number) {
    this.classId = object.classId;
    this.#newest = object;
    this.#seenAt = time;
    this.#filter = new BoxFilter(object.box);
  }

  /** Undefined while it is tentative. */
  get id(): number | undefined {
    return this.#id;
  }

  /** Seconds, when the model last saw it. */
  get seenAt(): number {
    return this.#seenAt;
  }

  /** The box at this time, before or after it was last seen. It may reach over the frame. */
  boxAt(time: number): Box {
    const seconds = time - this.#seenAt;
    return this.#filter.after(Math.min(MAX_REACH_SECONDS, Math.max(-MAX_REACH_SECONDS, seconds)));
  }

  /** What is reported of it at this time. The box, and keypoints that go with it, may reach over the frame. */
  objectAt(time: number): DetectedObject {
    const { keypoints, box: seen } = this.#newest;
    const box = this.boxAt(time);
    return {
      ...this.#newest,
      ...(this.#id === undefined ? {} : { trackId: this.#id }),
      box,
      ...(keypoints ? { keypoints: keypoints.map((point) => movedAlong(point, seen, box)) } : {}),
    };
  }

  /** Seen again, at a later time. */
  see(object: DetectedObject, time: number, newId: () => number): void {
    this.#filter.measure(object.box, time - this.#seenAt);
    this.#newest = object;
    this.#seenAt = time;
    this.#hidden = false;
    this.#id ??= newId();
  }

  /** Keeps it from being drawn until it is seen again. */
  hide(): void {
    this.#hidden = true;
  }

  /** Whether it is worth drawing, by what the result of this time, the newest, says. */
  isDrawn(resultAt: number): boolean {
    if (this.#hidden) return false;
    return resultAt - this.#seenAt <= (this.#id === undefined ? 0 : COAST_SECONDS);
  }

  /** Whether it has not been seen for too long at the time of a new result. */
  isForgotten(time: number, resultBefore: number): boolean {
    const unseen = time - this.#seenAt;
    if (unseen > MEMORY_SECONDS) return true;
    return this.#id === undefined && this.#seenAt < resultBefore && unseen > TENTATIVE_SECONDS;
  }
}

/** A point keeps its place in the box that it belongs to. */
function movedAlong(point: Keypoint, from: Box, to: Box): Keypoint {
  const x = to.x + ((point.x - from.x) / from.width) * to.width;
  const y = to.y + ((point.y - from.y) / from.height) * to.height;
  return { ...point, x, y };
}
