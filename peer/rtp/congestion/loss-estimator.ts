/** Shares of packets lost, 0 to 1: below, the rate may grow; above, it has to fall. */
const LOW_LOSS = 0.05;
const HIGH_LOSS = 0.12;
/** What a share is measured over, at least. */
const WINDOW_MS = 1000;
const WINDOW_PACKETS = 20;
/** How much of the measured share counts against those before. */
const SMOOTHING = 0.5;
/** Growth of the bound in each window with low loss. */
const GROWTH = 1.2;

/**
 * The rate that the losses allow (draft-ietf-rmcat-gcc-02, section 6). The draft stops growing at 2 % loss, which some
 * radio links lose at any rate: here it is 5 %.
 */
export class LossEstimator {
  #fraction = 0;
  #bound = Number.POSITIVE_INFINITY;
  #received = 0;
  #lost = 0;
  #since: number | undefined;

  /** Share of packets lost of late, 0 to 1. */
  get fraction(): number {
    return this.#fraction;
  }

  /** The most that may be sent, in bits per second; infinite where losses do not matter. */
  get bound(): number {
    return this.#bound;
  }

  /**
   * Takes counts of packets.
   * @param lost reported missing; negative for those that arrived after all
   * @param bitrate what is aimed for now, in bits per second
   */
  onPackets(received: number, lost: number, bitrate: number, nowMs: number): void {
    this.#since ??= nowMs;
    this.#received += received;
    this.#lost += lost;
    const total = this.#received + this.#lost;
    if (nowMs - this.#since < WINDOW_MS || total < WINDOW_PACKETS) return;
    this.onFraction(Math.max(0, this.#lost) / total, bitrate);
    this.#since = nowMs;
    this.#received = 0;
    this.#lost = 0;
  }

  /** Takes a share that was measured elsewhere over some second or more, 0 to 1. */
  onFraction(fraction: number, bitrate: number): void {
    this.#fraction += SMOOTHING * (fraction - this.#fraction);
    if (this.#fraction < LOW_LOSS) this.#relax(bitrate);
    else {
      const kept = this.#fraction > HIGH_LOSS ? 1 - 0.5 * this.#fraction : 1;
      this.#bound = Math.min(this.#bound, bitrate) * kept;
    }
  }

  #relax(bitrate: number): void {
    this.#bound *= GROWTH;
    if (this.#bound > 2 * bitrate) this.#bound = Number.POSITIVE_INFINITY;
  }
}
