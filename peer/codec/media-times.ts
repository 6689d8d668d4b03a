/** A step back by more than this is a new beginning (a camera's clock was set); less is jitter of the container. */
const JITTER_SECONDS = 0.5;
/** Ticks of the RTP clock of video. */
const TICKS_PER_SECOND = 90_000;

/** Presentation times of a stream, made to start at its origin and to always grow. */
export class MediaTimes {
  readonly #interval: number;
  readonly #first: number;
  #origin: number | undefined;
  #last: number | undefined;

  /**
   * @param origin seconds on the clock of the container that count as 0; the first picture where undefined
   * @param interval seconds from one picture to the next where a picture has no time of its own
   * @param first seconds that the origin is told as: where a source goes on that had to be opened anew
   */
  constructor(origin: number | undefined, interval: number, first = 0) {
    this.#origin = origin;
    this.#interval = interval;
    this.#first = first;
  }

  /** @param time seconds on the clock of the container, of the next picture @returns seconds from the start, ever growing */
  picture(time: number | undefined): number {
    const next = this.#next(time);
    this.#last = next;
    return this.#first + next;
  }

  /** @returns seconds from the start of something beside the pictures; undefined before there is an origin */
  beside(time: number): number | undefined {
    return this.#origin === undefined ? undefined : this.#first + time - this.#origin;
  }

  #next(time: number | undefined): number {
    const following = this.#last === undefined ? 0 : this.#last + this.#interval;
    if (time === undefined) return following;
    this.#origin ??= time;
    const found = time - this.#origin;
    if (this.#last === undefined) return Math.max(0, found);
    if (found > this.#last) return found;
    if (found < this.#last - JITTER_SECONDS) {
      this.#origin = time - following;
      return following;
    }
    return this.#last + 1 / TICKS_PER_SECOND;
  }
}

/** @param seconds from the start @returns RTP timestamp of video: 90 kHz, 32 bits */
export function toTimestamp90k(seconds: number): number {
  return Math.round(seconds * TICKS_PER_SECOND) % 0x1_0000_0000;
}
