import { REFERENCE_WRAP_MS } from './parse-transport-feedback.ts';

/** Carries the receiver's clock in transport feedback across its wraps. */
export class ArrivalClock {
  #reference: number | undefined;
  #offset = 0;

  /** Milliseconds to add to the arrivals of a message with this reference time. */
  offset(referenceMs: number): number {
    const previous = this.#reference ?? referenceMs;
    if (referenceMs < previous - REFERENCE_WRAP_MS / 2) this.#offset += REFERENCE_WRAP_MS;
    else if (referenceMs > previous + REFERENCE_WRAP_MS / 2) this.#offset -= REFERENCE_WRAP_MS;
    this.#reference = referenceMs;
    return this.#offset;
  }
}
