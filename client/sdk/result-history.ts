import type { Detections } from '../../protocol/detections.ts';

/** Results that are kept; the oldest go first. */
const KEEP = 120;
/** RTP ticks (90 kHz) that a result may be from a frame at most: what is older shows a scene that has gone. */
const TOLERANCE = 45_000;

/** A result for a frame. */
export interface Match {
  readonly detections: Detections;
  /** RTP ticks from the frame that the result is of to this one; negative where the result is of a later frame. */
  readonly ticks: number;
}

/** The newest results, to find those that belong on a frame. Timestamps wrap at 2³² (RFC 3550, section 5.1). */
export class ResultHistory {
  #results: Detections[] = [];

  push(detections: Detections): void {
    this.#results.push(detections);
    if (this.#results.length > KEEP) this.#results.shift();
  }

  /** The result of each model that is nearest to a frame: its own where there is one, none that is half a second away. */
  at(rtpTimestamp: number): Match[] {
    const nearest = new Map<string, Match>();
    for (const detections of this.#results) {
      const match = { detections, ticks: (rtpTimestamp - detections.rtpTimestamp) | 0 };
      const before = nearest.get(detections.model);
      const isNearer = before === undefined || Math.abs(match.ticks) <= Math.abs(before.ticks);
      if (isNearer && Math.abs(match.ticks) <= TOLERANCE) nearest.set(detections.model, match);
    }
    return [...nearest.values()];
  }

  clear(): void {
    this.#results = [];
  }
}
