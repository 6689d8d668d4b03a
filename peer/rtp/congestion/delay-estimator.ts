import { type BandwidthUsage, OveruseDetector } from './overuse-detector.ts';
import { PacketGroups, type PacketTiming } from './packet-groups.ts';
import { Trendline } from './trendline.ts';

/** A slope is worth more the more deltas it rests on, up to so many. */
const MAX_DELTAS = 60;
const TREND_GAIN = 4;

/**
 * Tells from the delay of packets whether the queue before the bottleneck grows: groups of packets, the trendline of
 * their delays, and a detector with an adaptive threshold (draft-ietf-rmcat-gcc-02, section 5).
 */
export class DelayEstimator {
  readonly #groups = new PacketGroups();
  readonly #trendline = new Trendline();
  readonly #detector = new OveruseDetector();
  #deltas = 0;

  get usage(): BandwidthUsage {
    return this.#detector.usage;
  }

  /** Takes acknowledged packets in the order of arrival. */
  push(packet: PacketTiming): void {
    const delta = this.#groups.push(packet);
    if (delta === undefined) return;
    this.#deltas += 1;
    const trend = this.#trendline.update(delta) * Math.min(this.#deltas, MAX_DELTAS) * TREND_GAIN;
    this.#detector.update(trend, delta.sentMs, delta.arrivalMs);
  }
}
