interface Arrival {
  readonly at: number;
  /** Bytes. */
  readonly size: number;
}

/** Over less than this a rate is noise. */
const MIN_SPAN_MS = 100;

/** The bit rate at which packets reach the receiver, over the last `windowMs` of its clock. */
export class AcknowledgedBitrate {
  readonly #windowMs: number;
  #arrivals: Arrival[] = [];
  #bytes = 0;
  #newest = Number.NEGATIVE_INFINITY;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Takes acknowledged packets, those of one message of feedback in the order of arrival. */
  push(arrivalMs: number, size: number): void {
    this.#arrivals.push({ at: arrivalMs, size });
    this.#bytes += size;
    this.#newest = Math.max(this.#newest, arrivalMs);
    const kept = this.#arrivals.findIndex(({ at }) => at > this.#newest - this.#windowMs);
    for (const { size: old } of this.#arrivals.splice(0, Math.max(0, kept))) this.#bytes -= old;
  }

  /** Bits per second; undefined until packets of {@link MIN_SPAN_MS} have arrived. */
  get bitrate(): number | undefined {
    const first = this.#arrivals[0];
    if (first === undefined) return undefined;
    const spanMs = this.#newest - first.at;
    if (spanMs < MIN_SPAN_MS) return undefined;
    // The first packet marks the beginning of the span: its bytes came before.
    return ((this.#bytes - first.size) * 8000) / spanMs;
  }
}
