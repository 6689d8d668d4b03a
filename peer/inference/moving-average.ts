/** Of about the last eight values, the newest counting most. */
const WEIGHT = 1 / 8;

/** Exponentially weighted moving average. */
export class MovingAverage {
  #value: number | undefined;

  /** Undefined until the first value. */
  get value(): number | undefined {
    return this.#value;
  }

  add(value: number): void {
    this.#value = this.#value === undefined ? value : this.#value + (value - this.#value) * WEIGHT;
  }
}
