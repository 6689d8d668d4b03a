import type { Timings } from '../../protocol/detections.ts';

/** The steps of a frame in the order in which it goes through them. */
export const steps = ['decode', 'wait', 'infer', 'encode', 'total'] as const;
export type Step = (typeof steps)[number];

/** Weight of the newest result: the figure settles within a second at 15 results a second. */
const WEIGHT = 0.15;

/** Keeps a running mean of the time of each step, and the newest totals for the curve. */
export class StepAverages {
  readonly #means = new Map<Step, number>();
  readonly #keep: number;
  #totals: number[] = [];

  /** @param keep how many totals are kept; the oldest goes first */
  constructor(keep: number) {
    this.#keep = keep;
  }

  push(timings: Timings): void {
    for (const step of steps) {
      const value = timings[step];
      if (value === undefined) continue;
      const mean = this.#means.get(step) ?? value;
      this.#means.set(step, mean + (value - mean) * WEIGHT);
    }
    this.#totals = [...this.#totals, timings.total].slice(-this.#keep);
  }

  /** Milliseconds; null for a step that no frame went through. */
  mean(step: Step): number | null {
    return this.#means.get(step) ?? null;
  }

  /** Milliseconds of the newest frames, oldest first. */
  get totals(): readonly number[] {
    return this.#totals;
  }

  clear(): void {
    this.#means.clear();
    this.#totals = [];
  }
}
