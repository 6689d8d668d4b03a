/** Below this share of what the way has carried it is worth asking whether it carries that again. */
const NARROW = 0.5;
/** A probe asks for so many times what is carried now. */
const STEP = 2;
const LOWEST_PROBE = 600_000;
/** Two limits that differ make the browser probe, even if the estimate has not moved. */
const NUDGE = 1000;
/** A probe that gains less than this has found the way still narrow: the next waits twice as long. */
const GAIN = 1.2;
const FIRST_WAIT_MS = 3000;
const LONGEST_WAIT_MS = 12_000;
/** What the way has carried counts less the longer it is ago. */
const HALF_LIFE_MS = 40_000;

/** What the sender is to be limited to next: bits a second, or `null` for no limit. */
export interface Probe {
  maxBitrate: number | null;
}

/**
 * When a browser should ask whether a way that became narrow is wide again. Chromium's estimate grows by 8 % a second
 * after a fall, a quarter of a minute for each factor of three; it probes for more at once when a sender's limit
 * changes. Bits per second; `nowMs` is the same clock for every call.
 */
export class ProbePlan {
  #best = 0;
  #bestMs = 0;
  #limited = false;
  #nudge = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #askedWith = 0;
  #waitMs = FIRST_WAIT_MS;

  /**
   * @param available what the browser believes that the way carries
   * @param clean whether packets get through without loss and without waiting: a way that loses some is not asked for
   *   more, because the probe itself would lose packets
   * @returns what to set, if anything
   */
  update(available: number, clean: boolean, nowMs: number): Probe | undefined {
    this.#best = Math.max(available, this.#best * 0.5 ** ((nowMs - this.#bestMs) / HALF_LIFE_MS));
    this.#bestMs = nowMs;
    if (available >= NARROW * this.#best || !clean) return this.#relax();
    if (available > GAIN * this.#askedWith) this.#waitMs = FIRST_WAIT_MS;
    if (nowMs - this.#askedAt < this.#waitMs) return undefined;
    if (available <= GAIN * this.#askedWith) this.#waitMs = Math.min(LONGEST_WAIT_MS, 2 * this.#waitMs);
    this.#askedAt = nowMs;
    this.#askedWith = available;
    this.#nudge = NUDGE - this.#nudge;
    this.#limited = true;
    return { maxBitrate: Math.round(Math.max(LOWEST_PROBE, STEP * available)) + this.#nudge };
  }

  #relax(): Probe | undefined {
    this.#waitMs = FIRST_WAIT_MS;
    this.#askedWith = 0;
    if (!this.#limited) return undefined;
    this.#limited = false;
    return { maxBitrate: null };
  }
}
