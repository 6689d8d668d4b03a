import type { Spread } from '../../protocol/session.ts';

/** The newest samples of a figure, oldest overwritten first, for its median and 95th percentile. */
export class Recent {
  readonly #samples: Float64Array;
  #count = 0;

  constructor(capacity = 300) {
    this.#samples = new Float64Array(capacity);
  }

  add(sample: number): void {
    this.#samples[this.#count % this.#samples.length] = sample;
    this.#count++;
  }

  spread(): Spread {
    const sorted = this.#samples.slice(0, Math.min(this.#count, this.#samples.length)).sort();
    const at = (quantile: number) => round(sorted[Math.floor(quantile * (sorted.length - 1))] ?? 0);
    return { p50: at(0.5), p95: at(0.95), count: sorted.length };
  }
}

/** Milliseconds to a hundredth, which is what a reader of figures can use. */
export function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
