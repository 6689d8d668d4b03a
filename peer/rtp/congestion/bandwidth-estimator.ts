import { AcknowledgedBitrate } from './acknowledged-bitrate.ts';
import { type BitrateEstimate, type BitrateOptions, boundsOf } from './bitrate-estimate.ts';
import { DelayEstimator } from './delay-estimator.ts';
import { InFlightWindow, MIN_IN_FLIGHT_BYTES } from './in-flight-window.ts';
import { LossEstimator } from './loss-estimator.ts';
import type { BandwidthUsage } from './overuse-detector.ts';
import type { TransportFeedback } from './parse-transport-feedback.ts';
import { QueueMeter } from './queue-meter.ts';
import { RateControl } from './rate-control.ts';
import { type AcknowledgedPacket, SentPackets } from './sent-packets.ts';

const ASSUMED_ROUND_TRIP_MS = 100;
/** While the queue grows the newest arrivals alone are the capacity. */
const OVERUSE_WINDOW_MS = 200;
const NORMAL_WINDOW_MS = 500;
/** Feedback that does not come for so long, and for each so long after, halves the rate. */
const SILENCE_MS = 1000;
const SILENCE_STEP_MS = 500;
/** Feedback that is overdue by so long: a few packets at a time ask whether anybody listens. */
const OVERDUE_MS = 200;
/** What is left of the rate before the silence when feedback comes again. */
const AFTER_SILENCE = 0.5;

/**
 * Estimates what a path carries from the transport-wide feedback of the other side: Google congestion control
 * (draft-ietf-rmcat-gcc-02) with the trendline filter, and a window on what is under way.
 *
 * `nowMs` is the same clock in milliseconds for every call. There is nothing to close.
 */
export class BandwidthEstimator implements BitrateEstimate {
  readonly #sent = new SentPackets();
  readonly #queue = new QueueMeter(() => this.#rate.forgetCapacity());
  readonly #window = new InFlightWindow();
  readonly #loss = new LossEstimator();
  readonly #rate: RateControl;
  #delay = new DelayEstimator();
  #acknowledged = new AcknowledgedBitrate(NORMAL_WINDOW_MS);
  #acknowledgedNow = new AcknowledgedBitrate(OVERUSE_WINDOW_MS);
  /** By when they were sent. */
  #sentNow = new AcknowledgedBitrate(OVERUSE_WINDOW_MS);
  #roundTripMs = ASSUMED_ROUND_TRIP_MS;
  /** When the first packet left that no feedback has come after. */
  #waitingSince: number | undefined;
  /** The rate before feedback stopped, while it is. */
  #beforeSilence: number | undefined;
  #silentCuts = 0;
  #probing = false;
  #resumed = false;

  constructor(options: BitrateOptions) {
    this.#rate = new RateControl(boundsOf(options));
  }

  get targetBitrate(): number {
    return Math.round(this.#rate.bitrate);
  }

  get congested(): boolean {
    return this.#sent.bytesInFlight >= this.#allowedInFlight();
  }

  /**
   * A packet has left.
   * @param sequenceNumber of the transport, 16 bits
   * @param size bytes of the RTP packet
   */
  onSent(sequenceNumber: number, size: number, nowMs: number): void {
    this.#sent.add(sequenceNumber, size, nowMs);
    this.#waitingSince ??= nowMs;
  }

  /** The round trip as receiver reports give it, in milliseconds. */
  onRoundTrip(ms: number): void {
    this.#roundTripMs = ms;
  }

  onFeedback(feedback: TransportFeedback, nowMs: number): void {
    const { acknowledged, lost } = this.#sent.settle(feedback);
    this.#loss.onPackets(acknowledged.length, lost, this.#rate.bitrate, nowMs);
    const newest = acknowledged.at(-1);
    if (newest === undefined) return;
    this.#endSilence();
    for (const packet of acknowledged) this.#acknowledge(packet, nowMs);
    this.#window.onFeedback(nowMs - newest.sentMs - this.#queue.delayMs, nowMs);
    this.#update(nowMs);
  }

  /** Lets time pass: silence of the other side stops the flow, then lowers the rate. */
  tick(nowMs: number): void {
    const silentMs = nowMs - (this.#waitingSince ?? nowMs);
    const overdueMs = this.#window.acknowledgementMs + OVERDUE_MS;
    this.#probing = silentMs > overdueMs;
    this.#sent.expire(nowMs - (this.#probing ? overdueMs : overdueMs + SILENCE_MS));
    if (silentMs < SILENCE_MS + SILENCE_STEP_MS * this.#silentCuts) return;
    this.#beforeSilence ??= this.#rate.bitrate;
    this.#silentCuts += 1;
    this.#rate.override(this.#rate.bitrate / 2);
  }

  /**
   * True once when the other side is heard again after a silence of a second or more: what was sent meanwhile is lost,
   * and too old to be sent again.
   */
  takeResumed(): boolean {
    const resumed = this.#resumed;
    this.#resumed = false;
    return resumed;
  }

  /** `loss` is a share, 0 to 1; `bytesInFlight` is sent and not yet reported on. */
  stats() {
    return {
      targetBitrate: this.targetBitrate,
      acknowledgedBitrate: Math.round(this.#acknowledged.bitrate ?? 0),
      usage: this.#delay.usage,
      loss: this.#loss.fraction,
      bytesInFlight: this.#sent.bytesInFlight,
      congested: this.congested,
    };
  }

  #allowedInFlight(): number {
    if (this.#probing) return MIN_IN_FLIGHT_BYTES;
    const target = this.#rate.bitrate;
    // While there is a queue no more counts than what gets through.
    const arriving = this.#queue.queued ? this.#acknowledgedNow.bitrate : undefined;
    return this.#window.bytes(Math.min(target, arriving ?? target));
  }

  #acknowledge(packet: AcknowledgedPacket, nowMs: number): void {
    this.#delay.push(packet);
    this.#queue.push(packet, nowMs);
    this.#acknowledged.push(packet.arrivalMs, packet.size);
    this.#acknowledgedNow.push(packet.arrivalMs, packet.size);
    this.#sentNow.push(packet.sentMs, packet.size);
  }

  #update(nowMs: number): void {
    this.#rate.update(
      {
        usage: this.#usage(nowMs),
        acknowledged: this.#acknowledged.bitrate,
        acknowledgedNow: this.#acknowledgedNow.bitrate,
        sentNow: this.#sentNow.bitrate,
        roundTripMs: this.#roundTripMs,
        loss: this.#loss.fraction,
      },
      nowMs,
    );
    this.#rate.limit(this.#loss.bound);
  }

  /** The gradient is quick and takes jitter for a queue; the queue itself has to bear it out. */
  #usage(nowMs: number): BandwidthUsage {
    if (this.#queue.takeStanding(nowMs)) return 'overusing';
    const { usage } = this.#delay;
    return usage === 'overusing' && !this.#queue.persistent ? 'normal' : usage;
  }

  /** The path may be another one: delays from before would look like a queue. */
  #endSilence(): void {
    this.#waitingSince = undefined;
    this.#silentCuts = 0;
    this.#probing = false;
    if (this.#beforeSilence === undefined) return;
    this.#resumed = true;
    this.#rate.override(Math.max(this.#rate.bitrate, AFTER_SILENCE * this.#beforeSilence));
    this.#beforeSilence = undefined;
    this.#delay = new DelayEstimator();
    this.#acknowledged = new AcknowledgedBitrate(NORMAL_WINDOW_MS);
    this.#acknowledgedNow = new AcknowledgedBitrate(OVERUSE_WINDOW_MS);
    this.#sentNow = new AcknowledgedBitrate(OVERUSE_WINDOW_MS);
  }
}
