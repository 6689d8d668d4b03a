/** What one look at a connection counts. */
export interface MediaCount {
  /** Packets received and sent since the call began. */
  packetsIn: number;
  packetsOut: number;
}

/** Tells for how long video has been going out while none comes back. The time is an argument. */
export class Stall {
  #count: MediaCount | null = null;
  #since = 0;

  /** @returns milliseconds without a packet from the server, 0 where one came or where nothing was sent either */
  push(count: MediaCount, nowMs: number): number {
    const before = this.#count;
    this.#count = count;
    const answered = before === null || count.packetsIn !== before.packetsIn;
    if (answered || count.packetsOut === before.packetsOut) this.#since = nowMs;
    return nowMs - this.#since;
  }
}
