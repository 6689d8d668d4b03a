import type { DetectedObject } from '../../protocol/detections.ts';
import type { Task } from '../../protocol/tasks.ts';
import type { Mask } from '../vision/found.ts';
import { Tracker } from '../vision/tracking/tracker.ts';
import { FrameClock } from './frame-clock.ts';

/** Tasks whose objects are followed from frame to frame. */
const FOLLOWED: ReadonlySet<Task> = new Set<Task>(['detect', 'faces', 'pose', 'hands', 'face-mesh']);
/** Results that are kept for the frames they belong to. */
const KEPT = 8;
/** Seconds after which a result is too old to be drawn: better nothing than what was a second ago. */
const STALE_SECONDS = 1;

/** What is known of one frame. */
export interface Known {
  readonly objects: readonly DetectedObject[];
  readonly mask?: Mask;
}

interface Result extends Known {
  readonly timestamp: number;
  readonly seconds: number;
}

const NOTHING: Known = { objects: [] };
/** Share of the threshold down to which an object that was once above it is followed. */
const UNSURE = 0.6;

/** What is known of a track for one task: ids for what is found, and where it is in the frames after. */
export class TaskOverlay {
  /** Whether objects get ids and are carried to the time of each frame. */
  readonly follows: boolean;
  readonly #tracker = new Tracker();
  readonly #clock = new FrameClock();
  #results: Result[] = [];

  constructor(task: Task) {
    this.follows = FOLLOWED.has(task);
  }

  /** What the model has to be asked for, so that objects above this threshold can be followed. */
  lowest(threshold: number): number {
    return this.follows ? UNSURE * threshold : threshold;
  }

  /**
   * Takes the result of the frame with this RTP timestamp.
   * @returns the objects with their ids, and when the frame was taken, on a clock that does not wrap
   */
  update(
    found: Known,
    { timestamp, width, height }: { timestamp: number; width: number; height: number },
    threshold: number,
  ): { objects: readonly DetectedObject[]; seconds: number } {
    const seconds = this.#clock.seconds(timestamp);
    const objects = this.follows
      ? this.#tracker.update({ objects: found.objects, time: seconds, width, height, threshold })
      : found.objects;
    const mask = found.mask === undefined ? {} : { mask: found.mask };
    this.#results = [...this.#results.slice(1 - KEPT), { timestamp, seconds, objects, ...mask }];
    return { objects, seconds };
  }

  /** The result of this very frame; nothing where it has none. */
  exactlyAt(timestamp: number): Known {
    return this.#results.findLast((result) => result.timestamp === timestamp) ?? NOTHING;
  }

  /** What is known, carried to the time of this frame. */
  at(timestamp: number): Known {
    const newest = this.#results.at(-1);
    const seconds = this.#clock.seconds(timestamp);
    if (newest === undefined || Math.abs(seconds - newest.seconds) > STALE_SECONDS) return NOTHING;
    return this.follows ? { ...newest, objects: this.#tracker.at(seconds) } : newest;
  }
}
