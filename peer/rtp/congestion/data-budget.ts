/** Share of what the way carries that messages may take beside the pictures. */
const SHARE = 0.2;
/** What may be sent at once, as milliseconds of the share. */
const BURST_MS = 1000;
/** So that one message always fits. */
const MIN_BURST_BYTES = 4000;
/** IPv4, UDP, DTLS 1.2 with AES-GCM, SCTP with one DATA chunk. */
const HEADER_BYTES = 28 + 37 + 28;

/**
 * What messages may take of a path that pictures share: a token bucket. On a narrow path twenty-five results a second
 * would fill half of it, and no estimate that is made from the video's packets knows of them.
 */
export class DataBudget {
  #bytes = MIN_BURST_BYTES;
  #updatedAt: number | undefined;

  /**
   * Takes a message out of the budget.
   * @param bitrate bits per second that the path carries
   * @returns false where there is no room for it now
   */
  spend(bytes: number, bitrate: number, nowMs: number): boolean {
    const bytesPerMs = (SHARE * bitrate) / 8000;
    const elapsedMs = Math.max(0, nowMs - (this.#updatedAt ?? nowMs));
    this.#updatedAt = nowMs;
    this.#bytes = Math.min(
      Math.max(MIN_BURST_BYTES, BURST_MS * bytesPerMs),
      this.#bytes + elapsedMs * bytesPerMs,
    );
    if (this.#bytes <= 0) return false;
    this.#bytes -= bytes + HEADER_BYTES;
    return true;
  }
}
