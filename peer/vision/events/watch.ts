import type { LineCounts, Occurrence, ZoneCounts } from '../../../protocol/events.ts';
import type { Point } from '../../../protocol/polygon.ts';

/**
 * Seconds for which something must be seen on the other side of an edge before it is believed. Boxes tremble, and for a
 * frame or two what stands before somebody cuts the feet off.
 */
export const SETTLE_SECONDS = 0.2;

/** Where one track is in a result, and where it was when it was last seen. In fractions of the frame. */
export interface Step {
  readonly trackId: number;
  readonly label: string;
  /** Seconds. */
  readonly time: number;
  readonly anchor: Point;
  /** Undefined where it is seen for the first time. */
  readonly before: Point | undefined;
  /** How far its place may be wrong. */
  readonly margin: number;
}

/** A track that was not seen for too long. */
export interface Loss {
  readonly trackId: number;
  readonly label: string;
  /** Seconds, when it was last seen. */
  readonly seenAt: number;
}

/** What looks after one zone or line. It remembers nothing of a track that it was told the loss of. */
export interface Watch {
  readonly id: string;
  see(step: Step): readonly Occurrence[];
  lose(loss: Loss): readonly Occurrence[];
  counts(): ZoneCounts | LineCounts;
}

export const NOTHING: readonly Occurrence[] = [];
