/** Keeps the values that were asked for last and makes the others again; what was asked for longest ago goes first. */
export class Lru<Value> {
  readonly #values = new Map<string, Value>();
  readonly #capacity: number;

  /** @param capacity at most this many values are kept. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#values.size;
  }

  /** The value of a key, made where it is not kept. */
  get(key: string, make: () => Value): Value {
    const value = this.#values.get(key) ?? make();
    // A Map lists its keys as they were put in: taken out and put back, a key is the newest.
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#capacity) this.#dropOldest();
    return value;
  }

  #dropOldest(): void {
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      return;
    }
  }
}
