/** Of about the last eight values, the newest counting most. */
const WEIGHT = 1 / 8;

/** Exponentially weighted moving average, with the mean distance from it. */
export class MovingAverage {
  #value: number | undefined;
  #deviation = 0;

  /** Undefined until the first value. */
  get value(): number | undefined {
    return this.#value;
  }

  /** How far from {@link value} the values lie on average. */
  get deviation(): number {
    return this.#deviation;
  }

  add(value: number): void {
    const distance = value - (this.#value ?? value);
    this.#value = this.#value === undefined ? value : this.#value + distance * WEIGHT;
    this.#deviation += (Math.abs(distance) - this.#deviation) * WEIGHT;
  }
}
