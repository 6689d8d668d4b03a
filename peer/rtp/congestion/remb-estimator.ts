import { type BitrateEstimate, type BitrateOptions, boundsOf } from './bitrate-estimate.ts';
import { LossEstimator } from './loss-estimator.ts';

/** Reports come once a second or so; without them for so long, and each second after, the rate is halved. */
const SILENCE_MS = 3000;
const SILENCE_STEP_MS = 1000;
/** Growth a second while nobody says what the path carries. */
const GROWTH = 1.08;
const MAX_STEP_MS = 2000;

/**
 * The estimate where the other side offers no transport-wide feedback: what it allows by REMB
 * (draft-alvestrand-rmcat-remb-03), less what the losses in its receiver reports forbid. Where there is no REMB either,
 * the losses alone decide. `nowMs` is the same clock in milliseconds for every call.
 */
export class RembEstimator implements BitrateEstimate {
  /** What is under way is not known. */
  readonly congested = false;
  readonly #bounds: Required<BitrateOptions>;
  readonly #loss = new LossEstimator();
  #bitrate: number;
  #remb: number | undefined;
  #heardAt: number | undefined;
  #silentCuts = 0;

  constructor(options: BitrateOptions) {
    this.#bounds = boundsOf(options);
    this.#bitrate = this.#bounds.start;
  }

  get targetBitrate(): number {
    return Math.round(this.#bitrate);
  }

  /** The other side allows so many bits per second. */
  onRemb(bitsPerSecond: number, nowMs: number): void {
    this.#remb = bitsPerSecond;
    this.#hear(nowMs);
  }

  /** @param fractionLost share of packets lost since the report before, 0 to 1 */
  onReceiverReport(fractionLost: number, nowMs: number): void {
    this.#loss.onFraction(fractionLost, this.#bitrate);
    this.#hear(nowMs);
  }

  tick(nowMs: number): void {
    this.#heardAt ??= nowMs;
    if (nowMs - this.#heardAt < SILENCE_MS + SILENCE_STEP_MS * this.#silentCuts) return;
    this.#silentCuts += 1;
    this.#set(this.#bitrate / 2);
  }

  #hear(nowMs: number): void {
    const elapsedMs = Math.min(MAX_STEP_MS, nowMs - (this.#heardAt ?? nowMs));
    this.#heardAt = nowMs;
    this.#silentCuts = 0;
    const allowed = this.#remb ?? this.#bitrate * GROWTH ** (elapsedMs / 1000);
    this.#set(Math.min(allowed, this.#loss.bound));
  }

  #set(bitrate: number): void {
    this.#bitrate = Math.min(this.#bounds.max, Math.max(this.#bounds.min, bitrate));
  }
}
