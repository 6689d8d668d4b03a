import type { BitrateOptions } from './bitrate-estimate.ts';
import { LinkCapacity } from './link-capacity.ts';
import type { BandwidthUsage } from './overuse-detector.ts';

/** What a message of feedback says of the path. */
export interface PathState {
  readonly usage: BandwidthUsage;
  /** Bits per second that arrive, over half a second; undefined while too little has been reported. */
  readonly acknowledged: number | undefined;
  /** The same over the last fifth of a second: quick, and low after a pause. */
  readonly acknowledgedNow: number | undefined;
  /** Bits per second at which the packets of `acknowledgedNow` had been sent. */
  readonly sentNow: number | undefined;
  readonly roundTripMs: number;
  /** Share of packets lost of late, 0 to 1. */
  readonly loss: number;
}

/** What is left of the acknowledged rate after the queue was seen to grow. */
const DECREASE = 0.85;
/** What is left of the target at most, where bursts make more arrive than is aimed for. */
const AT_LEAST = 0.95;
/** A decrease soon after another takes no less than this of what arrived then. */
const AGAIN = 0.7;
/** How much more than what arrives may be left of a rate that was not used. */
const UNUSED = 1.5;
/** Growth a second soon after a decrease, and later with and without loss. */
const GROWTH_SOON = 1.08;
const GROWTH_LOSSY = 1.35;
const GROWTH_CLEAN = 1.5;
const SOON_MS = 2000;
const CLEAN_LOSS = 0.01;
const MAX_STEP_MS = 500;
/** The estimate may exceed what is proven by this much: an encoder that needs little proves little. */
const UNPROVEN = 1.5;
const UNPROVEN_BITRATE = 10_000;
/** Decreases follow each other no faster than this after the response time. */
const DECREASE_EVERY_MS = 200;
/** A round trip that is long because of the queue is not waited for. */
const MAX_WAIT_MS = 200;
/** How long the path takes to show an effect, beyond the round trip. */
const RESPONSE_MS = 100;
const PACKET_BITS = 8 * 1200;
const MIN_ADDITIVE = 4000;

/**
 * The rate that follows from the delay (draft-ietf-rmcat-gcc-02, section 5.5): down to 0.85 × what arrives when the
 * queue grows, up otherwise, by a packet each response time near the known capacity and by a factor far from it. The
 * factor is 1.08 a second at first and up to 1.5 once the path has been quiet for two seconds, so that it takes some
 * ten seconds and no probes from 300 kbit/s back to 3 Mbit/s.
 */
export class RateControl {
  readonly #bounds: Required<BitrateOptions>;
  readonly #capacity = new LinkCapacity();
  #bitrate: number;
  #decreasedAt = Number.NEGATIVE_INFINITY;
  #updatedAt: number | undefined;
  /** What arrived at the last decrease. */
  #arrivedThen = 0;

  constructor(bounds: Required<BitrateOptions>) {
    this.#bounds = bounds;
    this.#bitrate = bounds.start;
  }

  get bitrate(): number {
    return this.#bitrate;
  }

  update(path: PathState, nowMs: number): void {
    const elapsedMs = Math.min(MAX_STEP_MS, Math.max(0, nowMs - (this.#updatedAt ?? nowMs)));
    this.#updatedAt = nowMs;
    if (path.acknowledged === undefined) return;
    if (path.usage === 'overusing') this.#decrease(path, path.acknowledged, nowMs);
    else if (path.usage === 'normal') this.#increase(path, path.acknowledged, elapsedMs, nowMs);
  }

  /** Sets the rate from outside: a loss, silence, or the end of it. What was known of the capacity is forgotten. */
  override(bitrate: number): void {
    this.#capacity.forget();
    this.#set(bitrate);
  }

  /** What was taken for the limit of the path was none. */
  forgetCapacity(): void {
    this.#capacity.forget();
  }

  /** No more than this for now. */
  limit(bitrate: number): void {
    if (bitrate < this.#bitrate) this.#set(bitrate);
  }

  #decrease(path: PathState, acknowledged: number, nowMs: number): void {
    const sinceMs = nowMs - this.#decreasedAt;
    if (sinceMs < Math.min(path.roundTripMs, MAX_WAIT_MS) + RESPONSE_MS + DECREASE_EVERY_MS) return;
    const latest = path.acknowledgedNow ?? acknowledged;
    // Soon after a decrease little may arrive because little was sent: that is no capacity.
    const arriving = sinceMs < SOON_MS ? Math.max(latest, acknowledged, AGAIN * this.#arrivedThen) : latest;
    this.#arrivedThen = arriving;
    this.#capacity.onOveruse(arriving);
    this.#decreasedAt = nowMs;
    // More than is aimed for arrives in bursts, and beside what others send; the queue is there all the same.
    const carried = DECREASE * Math.max(arriving, this.#shareOf(path, arriving));
    this.limit(Math.min(AT_LEAST * this.#bitrate, carried));
  }

  /** An encoder that needs little proves little: then what counts is the share that gets through. */
  #shareOf({ sentNow }: PathState, arriving: number): number {
    if (sentNow === undefined) return 0;
    return Math.min(this.#bitrate, UNUSED * arriving) * Math.min(1, arriving / sentNow);
  }

  #increase(path: PathState, acknowledged: number, elapsedMs: number, nowMs: number): void {
    this.#capacity.onNormal(acknowledged);
    const responseMs = path.roundTripMs + RESPONSE_MS;
    if (nowMs - this.#decreasedAt < responseMs) return;
    const grown = this.#capacity.known
      ? this.#bitrate + (Math.max(MIN_ADDITIVE, (1000 * PACKET_BITS) / responseMs) * elapsedMs) / 1000
      : this.#bitrate * this.#growth(path.loss, nowMs) ** (elapsedMs / 1000);
    const proven = UNPROVEN * acknowledged + UNPROVEN_BITRATE;
    this.#set(Math.max(this.#bitrate, Math.min(grown, proven)));
  }

  #growth(loss: number, nowMs: number): number {
    if (nowMs - this.#decreasedAt < SOON_MS) return GROWTH_SOON;
    return loss < CLEAN_LOSS ? GROWTH_CLEAN : GROWTH_LOSSY;
  }

  #set(bitrate: number): void {
    this.#bitrate = Math.min(this.#bounds.max, Math.max(this.#bounds.min, bitrate));
  }
}
