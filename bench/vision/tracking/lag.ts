import { intersectionOverUnion } from '../../../peer/vision/nms.ts';
import type { Box, DetectedObject } from '../../../protocol/detections.ts';
import type { Truth } from './truth.ts';

/** Frames that a box may be behind or ahead by. */
const MAX_BEHIND = 10;
const MAX_AHEAD = 3;
/** Seconds before and after, between which the speed of a thing is taken. */
const SPEED_WINDOW_SECONDS = 0.5;
/** Sizes (root of the area) a second; somebody who walks past at a distance of ten metres makes about one. */
const FAST = 0.75;

/** Measures how many frames late the boxes on fast things are: the frame whose own result they fit best. */
export class LagMeter {
  readonly #boxes = new Map<number, Map<number, Box>>();
  readonly #aspect: number;
  readonly #window: number;
  readonly frames: number[] = [];

  constructor({ film, frames, identities }: Truth) {
    this.#aspect = film.width / film.height;
    this.#window = Math.round(SPEED_WINDOW_SECONDS * film.rate);
    for (const [index, objects] of frames.entries()) {
      for (const object of objects) {
        const identity = identities.get(object);
        if (identity === undefined) continue;
        const path = this.#boxes.get(identity) ?? new Map<number, Box>();
        this.#boxes.set(identity, path.set(index, object.box));
      }
    }
  }

  /** A box drawn on a frame, on the thing of this identity. */
  add(frame: number, { box }: DetectedObject, identity: number | undefined): void {
    const path = identity === undefined ? undefined : this.#boxes.get(identity);
    if (!path?.has(frame) || !this.#isFast(path, frame)) return;
    let best = { behind: 0, overlap: 0 };
    for (let behind = -MAX_AHEAD; behind <= MAX_BEHIND; behind++) {
      const then = path.get(frame - behind);
      const overlap = then ? intersectionOverUnion(box, then) : 0;
      if (overlap > best.overlap) best = { behind, overlap };
    }
    if (best.overlap > 0) this.frames.push(best.behind);
  }

  #isFast(path: ReadonlyMap<number, Box>, frame: number): boolean {
    const before = path.get(frame - this.#window);
    const after = path.get(frame + this.#window);
    if (!before || !after) return false;
    const dx = (after.x + after.width / 2 - before.x - before.width / 2) * this.#aspect;
    const dy = after.y + after.height / 2 - before.y - before.height / 2;
    const size = Math.sqrt(after.width * this.#aspect * after.height);
    return Math.hypot(dx, dy) / size > FAST * 2 * SPEED_WINDOW_SECONDS;
  }
}
