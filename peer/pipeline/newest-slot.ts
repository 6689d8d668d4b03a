/**
 * Holds at most one value, the newest. Putting a value over one that was not taken releases the older,
 * so that a slow consumer sees fewer values and never older ones.
 */
export class NewestSlot<T> {
  readonly #release: (value: T) => void;
  #value: T | undefined;
  #replaced = 0;

  /** @param release frees a value that nobody will take */
  constructor(release: (value: T) => void) {
    this.#release = release;
  }

  /** How many values were put and never taken. */
  get replaced(): number {
    return this.#replaced;
  }

  put(value: T): void {
    if (this.#value !== undefined) {
      this.#replaced++;
      this.#release(this.#value);
    }
    this.#value = value;
  }

  take(): T | undefined {
    const value = this.#value;
    this.#value = undefined;
    return value;
  }

  close(): void {
    const value = this.take();
    if (value !== undefined) this.#release(value);
  }
}
