/**
 * Memory of frames that were closed. To make it anew for each frame is work for the collector, and the pages are new to
 * the processor. Drop policy: at most `capacity` spares; more, and those of another length, are left to the collector.
 */
export class PlanesPool {
  readonly #capacity: number;
  #spares: ArrayBuffer[] = [];
  #closed = false;

  constructor(capacity = 3) {
    this.#capacity = capacity;
  }

  /** With the contents of whoever had it before. */
  take(bytes: number): ArrayBuffer {
    const spare = this.#spares.pop();
    if (spare?.byteLength === bytes) return spare;
    this.#spares = [];
    return new ArrayBuffer(bytes);
  }

  /** Takes memory over, and empties every view of it. */
  give(memory: ArrayBuffer): void {
    const mine = memory.transfer();
    if (!this.#closed && this.#spares.length < this.#capacity) this.#spares.push(mine);
  }

  close(): void {
    this.#closed = true;
    this.#spares = [];
  }
}
