const ASSUMED_DELAY_MS = 100;
const ASSUMED_INTERVAL_MS = 100;
const MIN_INTERVAL_MS = 50;
const MAX_INTERVAL_MS = 300;
const SMOOTHING = 0.1;
/** Milliseconds of sending that may wait in the network. */
const ALLOWED_QUEUE_MS = 150;
/** Three packets may always be under way, or a path that comes back would go unnoticed. */
export const MIN_IN_FLIGHT_BYTES = 3600;

/**
 * How much may be under way at once: what is sent while a packet travels, its acknowledgement comes back and the
 * shortest of queues passes. When the bandwidth falls suddenly, this stops sending before any estimate has noticed,
 * and keeps it stopped until the queue has drained.
 */
export class InFlightWindow {
  #delayMs = ASSUMED_DELAY_MS;
  #intervalMs = ASSUMED_INTERVAL_MS;
  #feedbackAt: number | undefined;

  /** @param delayMs from the sending of the newest packet acknowledged to its acknowledgement, less the queue */
  onFeedback(delayMs: number, nowMs: number): void {
    this.#delayMs += SMOOTHING * (delayMs - this.#delayMs);
    const intervalMs = nowMs - (this.#feedbackAt ?? nowMs - this.#intervalMs);
    const bounded = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, intervalMs));
    this.#intervalMs += SMOOTHING * (bounded - this.#intervalMs);
    this.#feedbackAt = nowMs;
  }

  /** Milliseconds that an acknowledgement takes where there is no queue, the jitter of its way counted. */
  get acknowledgementMs(): number {
    return this.#delayMs + this.#intervalMs;
  }

  /** Bytes that may be under way at this rate in bits per second. */
  bytes(bitrate: number): number {
    return Math.max(MIN_IN_FLIGHT_BYTES, (bitrate * (this.acknowledgementMs + ALLOWED_QUEUE_MS)) / 8000);
  }
}
