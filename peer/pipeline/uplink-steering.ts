import { UplinkAllowance } from '../rtp/congestion/uplink-allowance.ts';

/** Counts since the beginning of a track, and what is measured now. */
export interface UplinkReading {
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly bytesReceived: number;
  readonly framesDecoded: number;
  /** Decoded and never encoded because we did not keep up. */
  readonly framesSkipped: number;
  readonly decodeOverflows: number;
  /** Milliseconds, 99th percentile over the last second. */
  readonly eventLoopDelayP99: number;
  /** Age in milliseconds of the newest result; 0 before the first. */
  readonly resultAgeMs: number;
}

const INTERVAL_MS = 1000;
/** Frames in an interval with which the age of results says something of the model. */
const MIN_FRAMES = 10;

/** Turns what a camera costs us into what it may send: looked at once a second. */
export class UplinkSteering {
  readonly #allowance: UplinkAllowance;
  #before: UplinkReading | undefined;
  #updatedAt = Number.NEGATIVE_INFINITY;
  #bitrate: number;

  /** @param maxBitrate bits a second that are configured */
  constructor(maxBitrate: number) {
    this.#allowance = new UplinkAllowance({ max: maxBitrate });
    this.#bitrate = maxBitrate;
  }

  /** @returns bits a second that the camera may send */
  update(read: () => UplinkReading, nowMs: number): number {
    const elapsedMs = nowMs - this.#updatedAt;
    if (elapsedMs < INTERVAL_MS) return this.#bitrate;
    const now = read();
    const before = this.#before;
    this.#before = now;
    this.#updatedAt = nowMs;
    if (before === undefined) return this.#bitrate;
    const lost = now.packetsLost - before.packetsLost;
    const decoded = now.framesDecoded - before.framesDecoded;
    const load = {
      decodeOverflows: now.decodeOverflows - before.decodeOverflows,
      skippedShare: share(now.framesSkipped - before.framesSkipped, decoded),
      eventLoopDelayP99: now.eventLoopDelayP99,
      // Where no frames come, as in an outage, results are late for want of frames.
      resultAgeMs: decoded < MIN_FRAMES ? 0 : now.resultAgeMs,
      loss: share(lost, lost + now.packetsReceived - before.packetsReceived),
      receivedBitrate: ((now.bytesReceived - before.bytesReceived) * 8000) / elapsedMs,
    };
    this.#bitrate = this.#allowance.update(load, nowMs);
    return this.#bitrate;
  }
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.max(0, part / whole) : 0;
}
