import type { Occurrence, ZoneCounts } from '../../../protocol/events.ts';
import type { Point } from '../../../protocol/polygon.ts';
import type { PolygonZone } from '../../../protocol/zones.ts';
import { distanceToEdges, isWithin } from './geometry.ts';
import { hasPassed, Settled } from './settled.ts';
import { Tally } from './tally.ts';
import { type Loss, NOTHING, SETTLE_SECONDS, type Step, type Watch } from './watch.ts';

/** One track at one polygon, from when it is first seen inside until it has left. */
class Visit {
  readonly inside = new Settled(SETTLE_SECONDS);
  hasDwelt = false;
}

/**
 * Who is in a polygon: in as soon as the anchor is inside, out only when it is outside by more than its margin, so that
 * what trembles on an edge neither comes nor goes.
 */
export class PolygonWatch implements Watch {
  readonly id: string;
  readonly #zone: PolygonZone;
  readonly #visits = new Map<number, Visit>();
  readonly #tally = new Tally({ entered: 0, left: 0, inside: 0 });

  constructor(zone: PolygonZone) {
    this.id = zone.id;
    this.#zone = zone;
  }

  see(step: Step): readonly Occurrence[] {
    const { trackId, anchor, margin, time } = step;
    const known = this.#visits.get(trackId);
    const isInside = this.#isInside(anchor, known?.inside.value === true ? margin : 0);
    if (known === undefined && !isInside) return NOTHING;
    const visit = known ?? new Visit();
    const { inside } = visit;
    const entered = inside.since;
    const hasChanged = inside.see(isInside, time);
    if (inside.value || inside.otherSince !== undefined) this.#visits.set(trackId, visit);
    else this.#visits.delete(trackId);
    if (hasChanged && !inside.value) return [this.#leave(step, inside.since - entered)];
    const events = hasChanged ? [this.#enter(step)] : [];
    if (inside.value && isInside && this.#isDwelling(visit, time)) {
      visit.hasDwelt = true;
      events.push(this.#dwell(step, time - inside.since));
    }
    return events;
  }

  lose(loss: Loss): readonly Occurrence[] {
    const inside = this.#visits.get(loss.trackId)?.inside;
    this.#visits.delete(loss.trackId);
    if (inside?.value !== true) return NOTHING;
    return [this.#leave(loss, (inside.otherSince ?? loss.seenAt) - inside.since)];
  }

  counts(): ZoneCounts {
    return this.#tally.counts();
  }

  #isInside(anchor: Point, margin: number): boolean {
    const { points } = this.#zone;
    return isWithin(points, anchor) || (margin > 0 && distanceToEdges(points, anchor) <= margin);
  }

  #isDwelling({ inside, hasDwelt }: Visit, time: number): boolean {
    const { dwellSeconds } = this.#zone;
    return dwellSeconds !== undefined && !hasDwelt && hasPassed(dwellSeconds, inside.since, time);
  }

  #enter({ trackId, label }: Step): Occurrence {
    this.#tally.add(label, 'entered');
    this.#tally.add(label, 'inside');
    return { kind: 'enter', zoneId: this.id, trackId, label, counts: this.counts() };
  }

  #leave({ trackId, label }: Step | Loss, seconds: number): Occurrence {
    this.#tally.add(label, 'left');
    this.#tally.add(label, 'inside', -1);
    return {
      kind: 'leave',
      zoneId: this.id,
      trackId,
      label,
      dwellMs: Math.round(seconds * 1000),
      counts: this.counts(),
    };
  }

  #dwell({ trackId, label }: Step, seconds: number): Occurrence {
    const dwellMs = Math.round(seconds * 1000);
    return { kind: 'dwell', zoneId: this.id, trackId, label, dwellMs, counts: this.counts() };
  }
}
