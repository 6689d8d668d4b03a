import type { Detections } from '../../protocol/detections.ts';

/** Results of one track that are kept; the oldest go first. */
const KEEP = 120;
/** RTP ticks (90 kHz) that a result may be from a frame at most: what is older shows a scene that has gone. */
const TOLERANCE = 45_000;
/** Browsers tell timestamps that are off by a tick; frames are a thousand and more apart. */
const SAME_FRAME = 45;
/** RTP ticks in a millisecond. */
const TICKS_PER_MS = 90;

/** A result for a frame. */
export interface Match {
  readonly detections: Detections;
  /** RTP ticks from the frame that the result is of to this one; negative where the result is of a later frame. */
  readonly ticks: number;
}

/** Whether a result is of the very frame that it was found for. */
export function isOwn({ ticks }: Match): boolean {
  return Math.abs(ticks) <= SAME_FRAME;
}

/**
 * The newest results of each track of a call, to find those that belong on a frame. Timestamps are those of the track,
 * and wrap at 2³² (RFC 3550, section 5.1).
 */
export class ResultHistory {
  readonly #tracks = new Map<string, Detections[]>();

  push(detections: Detections): void {
    const results = this.#tracks.get(detections.mid) ?? [];
    this.#tracks.set(detections.mid, results);
    results.push(detections);
    if (results.length > KEEP) results.shift();
  }

  /**
   * The result of each model that is nearest to a frame: its own where there is one, none that is half a second away.
   * @param mid the media section of the frame's track
   */
  at(mid: string, rtpTimestamp: number): Match[] {
    const nearest = new Map<string, Match>();
    for (const detections of this.#tracks.get(mid) ?? []) {
      const match = { detections, ticks: (rtpTimestamp - detections.rtpTimestamp) | 0 };
      const model = modelOf(detections);
      const before = nearest.get(model);
      const isNearer = before === undefined || Math.abs(match.ticks) <= Math.abs(before.ticks);
      if (isNearer && Math.abs(match.ticks) <= TOLERANCE) nearest.set(model, match);
    }
    return [...nearest.values()];
  }

  /** The newest result of each model, for frames of which nothing is known. */
  newest(mid: string): Pick<Match, 'detections'>[] {
    const newest = new Map<string, Detections>();
    for (const detections of this.#tracks.get(mid) ?? []) newest.set(modelOf(detections), detections);
    return [...newest.values()].map((detections) => ({ detections }));
  }

  /**
   * RTP ticks that the server carried the newest result on to draw it on a frame that it did not hold back; null where it
   * had none of the last half second. A result is there when its frame has been with the server for the time that it names.
   */
  carried(mid: string, rtpTimestamp: number): number | null {
    const ages = (this.#tracks.get(mid) ?? []).flatMap((detections) => {
      const ticks = (rtpTimestamp - detections.rtpTimestamp) | 0;
      return ticks >= detections.timings.total * TICKS_PER_MS && ticks <= TOLERANCE ? [ticks] : [];
    });
    return ages.length === 0 ? null : Math.min(...ages);
  }

  clear(): void {
    this.#tracks.clear();
  }
}

function modelOf({ task, model }: Detections): string {
  return `${task} ${model}`;
}
