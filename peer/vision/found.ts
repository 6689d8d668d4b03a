import type { DetectedObject } from '../../protocol/detections.ts';

/** How much of a thing each pixel shows, over the whole frame at the resolution of the model. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** Row by row from the top left, 0 (none) to 255 (all). */
  readonly data: Uint8Array;
}

/** What was found in one frame. Positions are fractions of the frame. */
export interface Found {
  /** By falling score. */
  readonly objects: DetectedObject[];
  readonly mask?: Mask;
  /** Rows of outputs that held NaN or Infinity and were left out. */
  readonly malformed: number;
}
