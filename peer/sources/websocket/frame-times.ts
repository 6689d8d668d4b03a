/** What is remembered of a frame that came in. */
export interface SentFrame {
  /** As its sender numbered it. */
  readonly sequence: number;
  /** Unix milliseconds: as its sender says, else when it came. */
  readonly captureTime: number;
}

const TICKS_PER_MS = 90;
/** A step between two capture times that is larger, or backwards, is no time that passed. */
const MAX_STEP_MS = 10_000;
/** Frames in work anywhere are far fewer. Drop policy: the oldest is forgotten. */
const REMEMBERED = 256;

/** Gives frames that come in one by one timestamps on a clock that never goes back, whatever their senders say. */
export class FrameTimes {
  readonly #sent = new Map<number, SentFrame>();
  #newest:
    | { readonly timestamp: number; readonly captureTime: number; readonly arrivedAt: number }
    | undefined;

  /**
   * @param sent as the sender has it; a capture time of 0 is unknown
   * @param arrivedAt Unix milliseconds
   * @returns RTP timestamp, 90 kHz, 32 bits
   */
  add({ sequence, captureTime }: SentFrame, arrivedAt: number): number {
    const captured = captureTime > 0 ? captureTime : arrivedAt;
    const timestamp = this.#timestampOf(captured, arrivedAt);
    this.#newest = { timestamp, captureTime: captured, arrivedAt };
    this.#sent.set(timestamp, { sequence, captureTime: captured });
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > REMEMBERED && oldest !== undefined) this.#sent.delete(oldest);
    return timestamp;
  }

  /** The frame that was given this timestamp, while it is remembered. */
  find(timestamp: number): SentFrame | undefined {
    return this.#sent.get(timestamp);
  }

  #timestampOf(captured: number, arrivedAt: number): number {
    if (this.#newest === undefined) return toTicks(captured);
    const step = captured - this.#newest.captureTime;
    const elapsedMs = step > 0 && step <= MAX_STEP_MS ? step : arrivedAt - this.#newest.arrivedAt;
    return (this.#newest.timestamp + Math.max(1, toTicks(elapsedMs))) >>> 0;
  }
}

function toTicks(ms: number): number {
  return Math.max(0, Math.round(ms * TICKS_PER_MS)) % 2 ** 32;
}
