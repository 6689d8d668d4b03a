import { timestampDistance } from '../../rtp/sequence.ts';

/** What was least delayed counts for so long: the clocks of two machines part by a millisecond in some 20 s. */
const MAX_AGE_MS = 20_000;

export interface Arrival {
  /** RTP timestamp, 32 bits. */
  readonly timestamp: number;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** Of the packets of a stream the one that came fastest: where no report tells of its clock, this one tells the most. */
export class LeastDelayed {
  readonly #ticksPerMs: number;
  #best: Arrival | undefined;

  /** @param clockRate ticks a second */
  constructor(clockRate: number) {
    this.#ticksPerMs = clockRate / 1000;
  }

  get best(): Arrival | undefined {
    return this.#best;
  }

  push(arrival: Arrival): void {
    const best = this.#best;
    if (best === undefined || arrival.at - best.at > MAX_AGE_MS) this.#best = arrival;
    else {
      const expectedAt = best.at + timestampDistance(best.timestamp, arrival.timestamp) / this.#ticksPerMs;
      if (arrival.at <= expectedAt) this.#best = arrival;
    }
  }
}
