/**
 * Hands items from one loop to another in order. It holds at most `capacity`; drop policy: none, who puts waits. Once
 * closed it drops what it holds and takes nothing more, so that neither side waits for the other for ever.
 */
export class MediaQueue<T> {
  readonly #capacity: number;
  readonly #drop: (item: T) => void;
  readonly #items: T[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  #changed = Promise.withResolvers<void>();

  /** @param drop frees an item that nobody takes any more */
  constructor(capacity: number, drop: (item: T) => void = () => {}) {
    this.#capacity = capacity;
    this.#drop = drop;
  }

  /** Items that wait. */
  get size(): number {
    return this.#items.length;
  }

  /**
   * Takes the item over, once there is room.
   * @returns whether it was taken; false: the queue is closed, and the item dropped
   */
  async put(item: T): Promise<boolean> {
    while (this.#items.length >= this.#capacity && !this.#closed) await this.#changed.promise;
    if (this.#closed) {
      this.#drop(item);
      return false;
    }
    this.#items.push(item);
    this.#wake();
    return true;
  }

  /** The oldest item, once there is one; undefined at the end. @throws what `fail()` was given, after the last item */
  async take(): Promise<T | undefined> {
    while (this.#items.length === 0 && !this.#ended && !this.#closed) await this.#changed.promise;
    const item = this.#items.shift();
    if (item === undefined && this.#failure && !this.#closed) throw this.#failure.error;
    this.#wake();
    return item;
  }

  /** Nothing more comes. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Nothing more comes, because of this. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.end();
  }

  /** Idempotent. Drops what waits; puts and takes that wait come back. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const item of this.#items.splice(0)) this.#drop(item);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let item = await this.take(); item !== undefined; item = await this.take()) yield item;
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
