import type { LineCounts, Occurrence } from '../../../protocol/events.ts';
import type { LineZone } from '../../../protocol/zones.ts';
import { crossingOf, distanceToSegment } from './geometry.ts';
import { hasPassed } from './settled.ts';
import { Tally } from './tally.ts';
import { type Loss, NOTHING, SETTLE_SECONDS, type Step, type Watch } from './watch.ts';

/** A track that is over the line, and has not been long enough to count. */
interface Passage {
  readonly direction: -1 | 1;
  /** Seconds, when it was first seen over it. */
  readonly since: number;
  /** Whether it is further from the line than its place may be wrong. */
  isClear: boolean;
}

/**
 * Who crosses a line, however fast: the way from each place to the next counts, not the places. A crossing is believed
 * when the track has stayed over the line for a moment and stands clear of it, or was last seen there.
 */
export class LineWatch implements Watch {
  readonly id: string;
  readonly #zone: LineZone;
  readonly #passages = new Map<number, Passage>();
  readonly #tally = new Tally({ forward: 0, backward: 0 });

  constructor(zone: LineZone) {
    this.id = zone.id;
    this.#zone = zone;
  }

  see(step: Step): readonly Occurrence[] {
    const passage = this.#passageAfter(step);
    if (passage === undefined) return NOTHING;
    const { from, to } = this.#zone;
    passage.isClear = distanceToSegment(from, to, step.anchor) > step.margin;
    if (!passage.isClear || !hasPassed(SETTLE_SECONDS, passage.since, step.time)) return NOTHING;
    this.#passages.delete(step.trackId);
    return [this.#cross(step, passage)];
  }

  lose(loss: Loss): readonly Occurrence[] {
    const passage = this.#passages.get(loss.trackId);
    this.#passages.delete(loss.trackId);
    return passage?.isClear === true ? [this.#cross(loss, passage)] : NOTHING;
  }

  counts(): LineCounts {
    return this.#tally.counts();
  }

  /** There and back is nothing; over it twice, by a way round one of its ends, is once. */
  #passageAfter({ trackId, before, anchor, time }: Step): Passage | undefined {
    const passage = this.#passages.get(trackId);
    if (before === undefined) return passage;
    const { from, to } = this.#zone;
    const direction = crossingOf(from, to, before, anchor);
    if (direction === 0 || direction === passage?.direction) return passage;
    if (passage !== undefined) {
      this.#passages.delete(trackId);
      return undefined;
    }
    const begun = { direction, since: time, isClear: false };
    this.#passages.set(trackId, begun);
    return begun;
  }

  #cross({ trackId, label }: Step | Loss, passage: Passage): Occurrence {
    const direction = passage.direction === 1 ? 'forward' : 'backward';
    this.#tally.add(label, direction);
    return { kind: 'cross', zoneId: this.id, trackId, label, direction, counts: this.counts() };
  }
}
