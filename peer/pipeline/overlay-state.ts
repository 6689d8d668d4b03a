import type { DetectedObject } from '../../protocol/detections.ts';
import { timestampDistance } from '../rtp/sequence.ts';

/** RTP ticks (90 kHz) after which a result is too old to be drawn: better no box than one from a second ago. */
const MAX_AGE = 90_000;

/** The newest result of a track, for as long as it may be drawn. */
export class OverlayState {
  #objects: readonly DetectedObject[] = [];
  #timestamp: number | undefined;

  update(objects: readonly DetectedObject[], timestamp: number): void {
    this.#objects = objects;
    this.#timestamp = timestamp;
  }

  /** What to draw on the frame with this RTP timestamp. */
  at(timestamp: number): readonly DetectedObject[] {
    if (this.#timestamp === undefined) return [];
    return Math.abs(timestampDistance(this.#timestamp, timestamp)) > MAX_AGE ? [] : this.#objects;
  }
}
