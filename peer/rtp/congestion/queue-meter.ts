import type { PacketTiming } from './packet-groups.ts';
import { WindowedMinimum } from './windowed-minimum.ts';

/** The path is believed to have got longer after this; clocks drift apart by some milliseconds in the meantime. */
const MEMORY_MS = 60_000;
/** A packet that took longer than the quickest by more than this came through a queue. */
const QUEUE_MS = 100;
/** Where no packet for so long took less than this more, the queue stands: a short buffer may be full all the time. */
const STANDING_MS = 1000;
const STANDING_QUEUE_MS = 50;
/** One that stays although less is sent is not a queue: the path itself has got longer. */
const ANOTHER_PATH_MS = 5000;

/**
 * Measures the queue on the path as what a packet took longer than the quickest of the last minute. The gradient does
 * not see a queue that neither grows nor shrinks; this does.
 */
export class QueueMeter {
  #quickest = new WindowedMinimum(MEMORY_MS);
  #delayMs = 0;
  #newestSentMs = Number.NEGATIVE_INFINITY;
  #queuedSince: number | undefined;
  #standingSince: number | undefined;

  /** Milliseconds that the newest packet waited. */
  get delayMs(): number {
    return this.#delayMs;
  }

  /** Whether the newest packet came through a queue. */
  get queued(): boolean {
    return this.#delayMs > QUEUE_MS;
  }

  /** Takes packets in the order of arrival; one that was overtaken, or sent again, says nothing of the queue. */
  push({ sentMs, arrivalMs }: PacketTiming, nowMs: number): void {
    if (sentMs < this.#newestSentMs) return;
    this.#newestSentMs = sentMs;
    // Between two clocks that have nothing to do with each other.
    const oneWayMs = arrivalMs - sentMs;
    if (this.#isAnotherPath(nowMs)) this.#quickest = new WindowedMinimum(MEMORY_MS);
    this.#quickest.push(oneWayMs, nowMs);
    this.#delayMs = oneWayMs - this.#quickest.value;
    this.#queuedSince = this.#delayMs > STANDING_QUEUE_MS ? (this.#queuedSince ?? nowMs) : undefined;
    if (this.#queuedSince === undefined) this.#standingSince = undefined;
  }

  /** True once for each second that the queue has stayed. */
  takeStanding(nowMs: number): boolean {
    const since = this.#standingSince ?? this.#queuedSince;
    if (since === undefined || nowMs - since < STANDING_MS) return false;
    this.#standingSince = nowMs;
    return true;
  }

  #isAnotherPath(nowMs: number): boolean {
    return this.#queuedSince !== undefined && nowMs - this.#queuedSince > ANOTHER_PATH_MS;
  }
}
