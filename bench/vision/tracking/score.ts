import { intersectionOverUnion } from '../../../peer/vision/nms.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';
import { mean } from '../../numbers.ts';
import { match } from './identities.ts';

/** How well boxes lie on what each frame's own result says. */
export interface Fit {
  /** Mean intersection over union of the boxes and the objects of their class that they are matched with. */
  readonly iou: number;
  /** Share of the sure objects that no box lies on. */
  readonly missed: number;
  /** Share of the boxes under which the frame's own result has nothing, however unsure. */
  readonly extra: number;
}

/** Adds up, frame by frame, how well boxes fit. */
export class FitMeter {
  readonly #overlaps: number[] = [];
  #sure = 0;
  #boxes = 0;
  #extra = 0;

  add(
    boxes: readonly DetectedObject[],
    sure: readonly DetectedObject[],
    all: readonly DetectedObject[],
  ): void {
    for (const [row, column] of match(boxes, sure, 0).entries()) {
      const [box, object] = [boxes[row], sure[column]];
      if (box && object) this.#overlaps.push(intersectionOverUnion(box.box, object.box));
    }
    this.#sure += sure.length;
    this.#boxes += boxes.length;
    this.#extra += match(boxes, all, 0).filter((column) => column === -1).length;
  }

  get fit(): Fit {
    return {
      iou: mean(this.#overlaps),
      missed: 1 - this.#overlaps.length / this.#sure,
      extra: this.#extra / this.#boxes,
    };
  }
}

/** The least overlap of a box that counts as drawn on an object. */
const ON_IT = 0.5;

/** Counts how often a thing is given another id than before (Bernardin and Stiefelhagen, "CLEAR MOT metrics", 2008). */
export class SwitchMeter {
  readonly #idOf = new Map<number, number>();
  readonly #framesOf = new Map<number, number>();
  #switches = 0;

  add(
    boxes: readonly DetectedObject[],
    sure: readonly DetectedObject[],
    identities: ReadonlyMap<DetectedObject, number>,
  ): void {
    for (const { trackId } of boxes) {
      if (trackId !== undefined) this.#framesOf.set(trackId, (this.#framesOf.get(trackId) ?? 0) + 1);
    }
    for (const [row, column] of match(sure, boxes, ON_IT).entries()) {
      const object = sure[row];
      const identity = object && identities.get(object);
      const id = boxes[column]?.trackId;
      if (identity === undefined || id === undefined) continue;
      if ((this.#idOf.get(identity) ?? id) !== id) this.#switches++;
      this.#idOf.set(identity, id);
    }
  }

  get switches(): number {
    return this.#switches;
  }

  /** Frames that each track was drawn on. */
  get lengths(): number[] {
    return [...this.#framesOf.values()];
  }
}
