/** What a camera's uplink cost us since the last look. */
export interface UplinkLoad {
  /** Times that frames were thrown away because the decoder did not keep up. */
  readonly decodeOverflows: number;
  /** Share of decoded frames that were never encoded, 0 to 1. */
  readonly skippedShare: number;
  /** Delay of the event loop in milliseconds, 99th percentile. */
  readonly eventLoopDelayP99: number;
  /** Age in milliseconds of the newest result when its frame is drawn; 0 where nothing is inferred. */
  readonly resultAgeMs: number;
  /** Share of packets lost, 0 to 1. */
  readonly loss: number;
  /** Bits per second that arrive. */
  readonly receivedBitrate: number;
}

/** Bounds in bits per second. */
export interface UplinkAllowanceOptions {
  readonly max: number;
  readonly min?: number;
}

const DEFAULT_MIN = 300_000;
/** Beyond these we do not keep up. The model skips frames by design: only results that are very old count. */
const MAX_SKIPPED_SHARE = 0.5;
const MAX_EVENT_LOOP_DELAY_MS = 100;
const MAX_RESULT_AGE_MS = 2000;
const MAX_LOSS = 0.1;
/** What is left of the rate that arrives, at most once in so long: an encoder takes a while to follow. */
const DECREASE = 0.7;
const DECREASE_EVERY_MS = 2000;
/** After so long without trouble the allowance grows by this share of its maximum a second. */
const CALM_MS = 5000;
const GROWTH = 0.1;

/**
 * How many bits per second a camera may send, by what they cost us: all that is configured while we keep up, less
 * where we do not, so that the camera sends a smaller stream instead of one that we throw away in parts. Additive
 * increase, multiplicative decrease. `nowMs` is the same clock in milliseconds for every call.
 */
export class UplinkAllowance {
  readonly #max: number;
  readonly #min: number;
  #bitrate: number;
  #troubledAt = Number.NEGATIVE_INFINITY;
  #decreasedAt = Number.NEGATIVE_INFINITY;
  #updatedAt: number | undefined;

  constructor({ max, min = DEFAULT_MIN }: UplinkAllowanceOptions) {
    this.#max = max;
    this.#min = Math.min(min, max);
    this.#bitrate = max;
  }

  /** Takes what was measured since the last call, a second or so before, and returns the allowance. */
  update(load: UplinkLoad, nowMs: number): number {
    const elapsedMs = nowMs - (this.#updatedAt ?? nowMs);
    this.#updatedAt = nowMs;
    if (isTrouble(load)) this.#decrease(load, nowMs);
    else if (nowMs - this.#troubledAt >= CALM_MS) {
      this.#bitrate = Math.min(this.#max, this.#bitrate + (GROWTH * this.#max * elapsedMs) / 1000);
    }
    return Math.round(this.#bitrate);
  }

  #decrease({ receivedBitrate }: UplinkLoad, nowMs: number): void {
    this.#troubledAt = nowMs;
    if (nowMs - this.#decreasedAt < DECREASE_EVERY_MS) return;
    this.#decreasedAt = nowMs;
    // What was allowed and not used is not what costs us.
    this.#bitrate = Math.max(this.#min, DECREASE * Math.min(this.#bitrate, receivedBitrate));
  }
}

function isTrouble(load: UplinkLoad): boolean {
  return (
    load.decodeOverflows > 0 ||
    load.skippedShare > MAX_SKIPPED_SHARE ||
    load.eventLoopDelayP99 > MAX_EVENT_LOOP_DELAY_MS ||
    load.resultAgeMs > MAX_RESULT_AGE_MS ||
    load.loss > MAX_LOSS
  );
}
