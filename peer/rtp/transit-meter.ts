/** Frames under way at most; of one more, the oldest is forgotten. Two seconds of 60 frames. */
const MAX_FRAMES = 128;

/** Measures how long the frames of a stream take from their last packet in to their first packet out. */
export class TransitMeter {
  /** When the newest packet of a frame came in, by RTP timestamp, in order of arrival. */
  readonly #arrivals = new Map<number, number>();

  onIn(timestamp: number, nowMs: number): void {
    this.#arrivals.set(timestamp, nowMs);
    if (this.#arrivals.size <= MAX_FRAMES) return;
    for (const oldest of this.#arrivals.keys()) {
      this.#arrivals.delete(oldest);
      return;
    }
  }

  /** @returns milliseconds, with the first packet of a frame that came in; else `undefined` */
  onOut(timestamp: number, nowMs: number): number | undefined {
    const arrivedAt = this.#arrivals.get(timestamp);
    if (arrivedAt === undefined) return undefined;
    this.#arrivals.delete(timestamp);
    return nowMs - arrivedAt;
  }
}
