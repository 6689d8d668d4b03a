import { MEMORY_SECONDS } from '../tracking/track.ts';

/** Tracks that are remembered; a newcomer waits until there is room. */
const MAX_MEMBERS = 256;

interface Member<State> {
  readonly trackId: number;
  readonly state: State;
  /** How often the clock had been set back. */
  readonly epoch: number;
  /** Seconds. */
  seenAt: number;
}

/**
 * What is remembered of each track, for as long as the tracker may bring its id back after it was not seen. Holds no
 * clock: time goes on with results.
 */
export class Roster<State> {
  readonly #members = new Map<number, Member<State>>();
  #time = Number.NEGATIVE_INFINITY;
  #epoch = 0;

  /**
   * Goes on to the time of another result, in seconds.
   *
   * @returns false for one that is not newer and is to be left out; where the clock was set back, everybody is gone
   */
  advance(time: number): boolean {
    const isSetBack = time < this.#time - MEMORY_SECONDS;
    if (!Number.isFinite(time) || (time <= this.#time && !isSetBack)) return false;
    if (isSetBack) this.#epoch++;
    this.#time = time;
    return true;
  }

  /** Members that have not been seen for too long; to be forgotten before others are met. */
  gone(): Readonly<Member<State>>[] {
    return [...this.#members.values()].filter(
      ({ epoch, seenAt }) => epoch !== this.#epoch || this.#time - seenAt > MEMORY_SECONDS,
    );
  }

  /** The state of a track that is seen now; undefined where it was seen now already, or there is no room for it. */
  meet(trackId: number, begin: () => State): State | undefined {
    const member = this.#members.get(trackId);
    if (member === undefined) {
      if (this.#members.size >= MAX_MEMBERS) return undefined;
      const state = begin();
      this.#members.set(trackId, { trackId, state, epoch: this.#epoch, seenAt: this.#time });
      return state;
    }
    if (member.seenAt === this.#time) return undefined;
    member.seenAt = this.#time;
    return member.state;
  }

  forget(trackId: number): void {
    this.#members.delete(trackId);
  }
}
