/** Samples that figures are taken over; the oldest go first. */
const KEEP = 120;
/** The longest that frames are made to wait for their results, in milliseconds. */
const LONGEST_WAIT_MS = 400;
/** Added to what results need, because they do not come evenly. */
const MARGIN_MS = 15;

/** How well results drawn in the browser sit on the frames that they belong to. Timestamps are RTP ticks (90 kHz). */
export class OverlaySync {
  readonly #received = new Map<number, number>();
  readonly #arrived = new Map<number, number>();
  #steps: number[] = [];
  #errors: number[] = [];
  #lateness: number[] = [];
  #last: number | undefined;

  /** A result came. */
  result(rtpTimestamp: number, nowMs: number): void {
    remember(this.#arrived, rtpTimestamp, nowMs);
    this.#compare(rtpTimestamp);
  }

  /**
   * A frame is shown.
   *
   * @param receivedMs when its last packet came, by the clock of `result()`; undefined where the browser does not say
   */
  frame(rtpTimestamp: number, receivedMs: number | undefined): void {
    if (this.#last !== undefined) this.#steps = kept(this.#steps, (rtpTimestamp - this.#last) | 0);
    this.#last = rtpTimestamp;
    if (receivedMs === undefined) return;
    remember(this.#received, rtpTimestamp, receivedMs);
    this.#compare(rtpTimestamp);
  }

  /** Something was drawn on a frame. @param ticks from the frame that it is of, as in `Match` */
  drawn(ticks: number): void {
    this.#errors = kept(this.#errors, Math.abs(ticks));
  }

  /** The median distance between what is drawn and the frame that it is drawn on, in frames; null before there is one. */
  get framesOff(): number | null {
    // A screen that skips frames makes some steps longer, so the shorter ones tell the distance of two frames.
    const step = quantile(this.#steps, 0.25);
    const error = quantile(this.#errors, 0.5);
    return step === null || step <= 0 || error === null ? null : error / step;
  }

  /**
   * How long frames have to wait in the browser so that their results are there; null where it is unknown.
   * @param share of the results that are to be there in time, 0 to 1
   */
  waitMs(share: number): number | null {
    const late = quantile(this.#lateness, share);
    return late === null ? null : Math.min(LONGEST_WAIT_MS, Math.max(0, Math.round(late + MARGIN_MS)));
  }

  #compare(rtpTimestamp: number): void {
    const received = this.#received.get(rtpTimestamp);
    const arrived = this.#arrived.get(rtpTimestamp);
    if (received !== undefined && arrived !== undefined) {
      this.#lateness = kept(this.#lateness, arrived - received);
    }
  }
}

function remember(times: Map<number, number>, key: number, value: number): void {
  times.set(key, value);
  const [oldest] = times.keys();
  if (times.size > KEEP && oldest !== undefined) times.delete(oldest);
}

function kept(values: readonly number[], value: number): number[] {
  return [...values, value].slice(-KEEP);
}

function quantile(values: readonly number[], share: number): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? null;
}
