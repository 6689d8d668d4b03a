import type { Refusal, RefusalCounts } from '../../protocol/refusals.ts';

/** Counts what one connection refused. Nothing is logged a packet at a time: whoever sends such things sends many. */
export class RefusalCounter {
  readonly #counts = new Map<Refusal, number>();

  add(refusal: Refusal): void {
    this.#counts.set(refusal, (this.#counts.get(refusal) ?? 0) + 1);
  }

  counts(): RefusalCounts {
    return Object.fromEntries(this.#counts);
  }
}
