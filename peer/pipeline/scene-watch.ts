import type { DetectedObject } from '../../protocol/detections.ts';
import { type SceneEvent, stampEvent } from '../../protocol/events.ts';
import type { Task } from '../../protocol/tasks.ts';
import type { Zones } from '../../protocol/zones.ts';
import type { DrawnZone } from '../vision/draw/zone.ts';
import { GestureWatch } from '../vision/events/gesture-watch.ts';
import { ZoneWatch } from '../vision/events/zone-watch.ts';

/** The frame that something was seen in. */
export interface SceneFrame {
  readonly seconds: number;
  readonly rtpTimestamp: number;
  /** Unix milliseconds. */
  readonly captureTime: number;
  readonly aspect: number;
}

/** Watches what is followed by one task of one track: its zones, and gestures where the task is `pose`. */
export class SceneWatch {
  readonly #gestures: GestureWatch | undefined;
  #zones: Zones = [];
  #watch: ZoneWatch | undefined;

  constructor(task: Task) {
    this.#gestures = task === 'pose' ? new GestureWatch() : undefined;
  }

  /** Other zones begin to count anew; the same go on. */
  configure(zones: Zones): void {
    if (zones === this.#zones) return;
    this.#zones = zones;
    this.#watch = zones.length === 0 ? undefined : new ZoneWatch(zones);
  }

  /** Takes every result, empty ones too. */
  update(objects: readonly DetectedObject[], frame: SceneFrame): SceneEvent[] {
    const { seconds, rtpTimestamp, captureTime: time, aspect } = frame;
    const occurrences = [
      ...(this.#watch?.update(objects, seconds) ?? []),
      ...(this.#gestures?.update(objects, seconds, aspect) ?? []),
    ];
    return occurrences.map((occurrence) => stampEvent(occurrence, { rtpTimestamp, time }));
  }

  /** The zones with what they have counted. */
  drawn(): DrawnZone[] {
    const counts = this.#watch?.counts() ?? {};
    return this.#zones.map((zone) => {
      const totals = Object.values(counts[zone.id] ?? {});
      const count = totals.reduce(
        (sum, total) => sum + ('inside' in total ? total.inside : total.forward + total.backward),
        0,
      );
      return zone.kind === 'polygon'
        ? { name: zone.id, count, points: zone.points }
        : { name: zone.id, count, from: zone.from, to: zone.to };
    });
  }
}
