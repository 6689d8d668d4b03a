import type { Box, DetectedObject } from '../../../protocol/detections.ts';
import type { LineCounts, Occurrence, ZoneCounts } from '../../../protocol/events.ts';
import type { Point } from '../../../protocol/polygon.ts';
import type { Zones } from '../../../protocol/zones.ts';
import { LineWatch } from './line-watch.ts';
import { PolygonWatch } from './polygon-watch.ts';
import { Roster } from './roster.ts';
import type { Watch } from './watch.ts';

/** Where an object is: the middle of its lower edge, where it stands on the ground, or the centre of its box. */
export type Anchor = 'foot' | 'centre';

/** Events of one result after which the rest waits for the next, so that no message becomes huge. */
const MAX_EVENTS = 128;
/** How far a place may be wrong: a share of the frame, and of the height of the box that it is taken from. */
const FRAME_MARGIN = 0.005;
const BOX_MARGIN = 0.02;
/** Fractions of the frame; what is further away is nowhere. */
const FAR = 10;

interface WatchedZone {
  readonly watch: Watch;
  readonly labels: ReadonlySet<string> | undefined;
}

/** What is known of one track. */
interface Known {
  /** The one that it was first seen with, so that who enters is who leaves. */
  readonly label: string;
  anchor: Point | undefined;
}

/**
 * Tells of who enters, leaves or stays in the zones of a session and who crosses its lines, and counts them. For the
 * results of one task of one camera track, whose track ids it relies on. Whoever appears inside a zone has entered it;
 * who is not seen for as long as the tracker remembers has left it. Less than a microsecond an object and zone.
 */
export class ZoneWatch {
  readonly #zones: readonly WatchedZone[];
  readonly #anchor: Anchor;
  readonly #roster = new Roster<Known>();

  constructor(zones: Zones, { anchor = 'foot' }: { readonly anchor?: Anchor } = {}) {
    this.#anchor = anchor;
    this.#zones = zones.map((zone) => ({
      watch: zone.kind === 'polygon' ? new PolygonWatch(zone) : new LineWatch(zone),
      labels: zone.classes && new Set(zone.classes),
    }));
  }

  /**
   * Takes in a result, an empty one as well: time goes on with results only. What has no track id is left out, and so is
   * a result that is not newer than the one before.
   *
   * @param time seconds, when the frame was taken, on a clock that does not wrap; after it was set back everybody has left.
   */
  update(objects: readonly DetectedObject[], time: number): Occurrence[] {
    if (!this.#roster.advance(time)) return [];
    const events = this.#loseTheGone();
    for (const object of objects) {
      if (events.length >= MAX_EVENTS) break;
      events.push(...this.#see(object, time));
    }
    return events;
  }

  /** Totals by the id of the zone and by label, since the watch began. */
  counts(): Record<string, ZoneCounts | LineCounts> {
    return Object.fromEntries(this.#zones.map(({ watch }) => [watch.id, watch.counts()]));
  }

  #loseTheGone(): Occurrence[] {
    const events: Occurrence[] = [];
    for (const { trackId, state, seenAt } of this.#roster.gone()) {
      if (events.length >= MAX_EVENTS) break;
      this.#roster.forget(trackId);
      const loss = { trackId, label: state.label, seenAt };
      for (const { watch } of this.#zones) events.push(...watch.lose(loss));
    }
    return events;
  }

  #see({ trackId, label, box }: DetectedObject, time: number): Occurrence[] {
    const anchor = anchorOf(box, this.#anchor);
    if (trackId === undefined || anchor === undefined) return [];
    const known = this.#roster.meet(trackId, () => ({ label, anchor: undefined }));
    if (known === undefined) return [];
    const margin = FRAME_MARGIN + BOX_MARGIN * Math.max(0, box.height);
    const step = { trackId, label: known.label, time, anchor, before: known.anchor, margin };
    known.anchor = anchor;
    const events: Occurrence[] = [];
    for (const { watch, labels } of this.#zones) {
      if (labels === undefined || labels.has(known.label)) events.push(...watch.see(step));
    }
    return events;
  }
}

function anchorOf({ x, y, width, height }: Box, anchor: Anchor): Point | undefined {
  const place = { x: x + width / 2, y: y + (anchor === 'foot' ? height : height / 2) };
  return Math.abs(place.x) <= FAR && Math.abs(place.y) <= FAR ? place : undefined;
}
