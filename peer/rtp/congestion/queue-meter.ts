import type { PacketTiming } from './packet-groups.ts';
import { WindowedMinimum } from './windowed-minimum.ts';

/** The path is believed to have got longer after this; clocks drift apart by some milliseconds in the meantime. */
const MEMORY_MS = 60_000;
/** Where the last frames all waited for longer than this, or the newest packet for so much longer, there is a queue. */
const QUEUE_MS = 100;
const LONG_QUEUE_MS = 110;
/** Where no packet for so long took less than this more, the queue stands: a short buffer may be full all the time. */
const STANDING_MS = 1000;
const STANDING_QUEUE_MS = 50;
/**
 * What a queue delays even the quickest packet of so many milliseconds and so many frames by. Jitter delays some packets
 * and spares others, and a large frame delays its own last packets: neither is a queue that stays.
 */
const FLOOR_QUEUE_MS = 25;
const FLOOR_MS = 200;
const FLOOR_FRAMES = 6;
/** Packets sent within this of each other are one frame. */
const FRAME_MS = 5;
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
  /** The least delay of each of the last frames. */
  #frames: { readonly sentMs: number; delayMs: number }[] = [];

  readonly #onAnotherPath: () => void;

  /** @param onAnotherPath is told when what looked like a queue turns out to be a longer path */
  constructor(onAnotherPath: () => void = () => undefined) {
    this.#onAnotherPath = onAnotherPath;
  }

  /** Milliseconds that the newest packet waited. */
  get delayMs(): number {
    return this.#delayMs;
  }

  /** Whether so much waits that no more should be sent than gets through. */
  get queued(): boolean {
    return this.#delayMs > LONG_QUEUE_MS || this.#floorMs() > QUEUE_MS;
  }

  /** Whether there is a queue at all, however short, and not only jitter. */
  get persistent(): boolean {
    return this.#delayMs > 2 * LONG_QUEUE_MS || this.#floorMs() > FLOOR_QUEUE_MS;
  }

  /** Takes packets in the order of arrival; one that was overtaken, or sent again, says nothing of the queue. */
  push({ sentMs, arrivalMs }: PacketTiming, nowMs: number): void {
    if (sentMs < this.#newestSentMs) return;
    this.#newestSentMs = sentMs;
    // Between two clocks that have nothing to do with each other.
    const oneWayMs = arrivalMs - sentMs;
    if (this.#isAnotherPath(nowMs)) this.#begin();
    this.#quickest.push(oneWayMs, nowMs);
    this.#delayMs = oneWayMs - this.#quickest.value;
    this.#noteFrame(sentMs, this.#delayMs);
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

  /** What even the quickest packet of the last frames waited. */
  #floorMs(): number {
    if (this.#frames.length === 0) return 0;
    return Math.min(...this.#frames.map(({ delayMs }) => delayMs));
  }

  #noteFrame(sentMs: number, delayMs: number): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined && sentMs - frame.sentMs <= FRAME_MS) {
      frame.delayMs = Math.min(frame.delayMs, delayMs);
      return;
    }
    this.#frames.push({ sentMs, delayMs });
    while (this.#frames.length > FLOOR_FRAMES && sentMs - (this.#frames[0]?.sentMs ?? sentMs) > FLOOR_MS) {
      this.#frames.shift();
    }
  }

  #begin(): void {
    this.#quickest = new WindowedMinimum(MEMORY_MS);
    this.#frames = [];
    this.#onAnotherPath();
  }

  #isAnotherPath(nowMs: number): boolean {
    return this.#queuedSince !== undefined && nowMs - this.#queuedSince > ANOTHER_PATH_MS;
  }
}
