import type { VideoFrame } from '../../peer/codec/video-frame.ts';
import type { InferenceResult } from '../../peer/inference/frame-job.ts';
import { type Known, TaskOverlay } from '../../peer/pipeline/task-overlay.ts';
import type { Task } from '../../protocol/tasks.ts';

/** What of the results is wanted. */
export interface Wanted {
  readonly threshold: number;
  /** Labels; all where undefined. */
  readonly classes: readonly string[] | undefined;
}

/** What is known of each picture: in a film with ids that stay, and carried on to pictures that were not looked at. */
export class Follower {
  /** What the model is to be asked for. */
  readonly threshold: number;
  readonly #wanted: Wanted;
  readonly #overlay: TaskOverlay | undefined;

  /** @param film whether one picture follows from another */
  constructor(task: Task, wanted: Wanted, film: boolean) {
    this.#wanted = wanted;
    this.#overlay = film ? new TaskOverlay(task) : undefined;
    this.threshold = this.#overlay?.lowest(wanted.threshold) ?? wanted.threshold;
  }

  /** Of a picture that was looked at. To be called in the order of the pictures. */
  update({ width, height, timestamp }: VideoFrame, { objects, mask }: InferenceResult): Known {
    const found = { objects, ...(mask && { mask }) };
    const followed = this.#overlay?.update(found, { width, height, timestamp }, this.#wanted.threshold);
    return this.#only({ ...found, objects: followed?.objects ?? objects });
  }

  /** Of a picture that was not looked at. */
  at({ timestamp }: VideoFrame): Known {
    return this.#only(this.#overlay?.at(timestamp) ?? { objects: [] });
  }

  #only(known: Known): Known {
    const { classes } = this.#wanted;
    if (classes === undefined) return known;
    return { ...known, objects: known.objects.filter(({ label }) => classes.includes(label)) };
  }
}
