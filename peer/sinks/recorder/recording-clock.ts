import { timestampDistance } from '../../rtp/sequence.ts';

const TICKS_PER_SECOND = 90_000;
/** A step so much further than time has gone on is not of the picture: the stream began anew. */
const JUMP_SECONDS = 5;
/** The same backwards. */
const BACK_SECONDS = 0.5;
/** Of a picture after such a step, at least. */
const FRAME_SECONDS = 1 / 30;

interface Epoch {
  readonly timestamp: number;
  readonly seconds: number;
}

/**
 * Seconds of a recording, from its first picture on: RTP timestamps (90 kHz, 32 bits) across their wrap, and across a
 * beginning anew of the stream. Frames, results and sound are told by the same clock.
 */
export class RecordingClock {
  #newest: Epoch | undefined;
  /** As the stream counted before it began anew: results of then still come. */
  #before: Epoch | undefined;
  #arrivedAt = 0;

  /** Takes the next picture. @param arrivedAt monotonic milliseconds @returns its seconds */
  picture(timestamp: number, arrivedAt: number): number {
    const seconds = this.#next(timestamp, arrivedAt);
    if (this.#newest === undefined || seconds > this.#newest.seconds) {
      this.#newest = { timestamp, seconds };
      this.#arrivedAt = arrivedAt;
    }
    return seconds;
  }

  /** Seconds of anything on the clock of the pictures; negative before the first, undefined without one. */
  at(timestamp: number): number | undefined {
    const epochs = [this.#newest, this.#before].filter((epoch) => epoch !== undefined);
    const distances = epochs.map((epoch) => ({
      epoch,
      ticks: timestampDistance(epoch.timestamp, timestamp),
    }));
    const [nearest] = distances.sort((one, other) => Math.abs(one.ticks) - Math.abs(other.ticks));
    return nearest && nearest.epoch.seconds + nearest.ticks / TICKS_PER_SECOND;
  }

  #next(timestamp: number, arrivedAt: number): number {
    const last = this.#newest;
    if (last === undefined) return 0;
    const step = timestampDistance(last.timestamp, timestamp) / TICKS_PER_SECOND;
    const passed = (arrivedAt - this.#arrivedAt) / 1000;
    if (step > -BACK_SECONDS && step < passed + JUMP_SECONDS) return last.seconds + step;
    this.#before = last;
    return last.seconds + Math.max(FRAME_SECONDS, passed);
  }
}
