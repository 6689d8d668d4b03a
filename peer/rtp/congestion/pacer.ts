/** A packet as the pacer sees it. */
export interface PacedPacket {
  /** Bytes. */
  readonly size: number;
  /** Audio goes first and is never held; retransmissions go before new video. */
  readonly kind: 'audio' | 'retransmission' | 'video';
}

interface Queued<P> {
  readonly packet: P;
  readonly queuedMs: number;
}

/** How much faster than the target the queue is sent: a frame has left long before the next comes. */
const PACE = 2.5;
/** What may leave at once: a frame of usual size. */
const BURST_MS = 40;
const MIN_BURST_BYTES = 3000;
/** More than this in the queue, and the encoder has to skip frames. */
const MAX_QUEUE_MS = 250;
/** The same while it is held. */
const MAX_HELD_MS = 100;
/** Above this even packets that were made are dropped, the newest first. */
const MAX_QUEUE_BYTES = 1 << 20;

/**
 * Spreads the packets of large frames over time: a leaky bucket at {@link PACE} × the target. A frame of usual size
 * leaves at once, a key frame in pieces. It has no timer: call `take` after `push` and at `nextAt`.
 */
export class Pacer<P extends PacedPacket> {
  readonly #queues: Record<PacedPacket['kind'], Queued<P>[]> = { audio: [], retransmission: [], video: [] };
  #bytesPerMs: number;
  #burstBytes: number;
  /** Bytes that may leave now; below 0 after a packet larger than what was left. */
  #allowance: number;
  #allowanceAt: number | undefined;
  #queuedBytes = 0;
  #dropped = 0;
  #held = false;

  /** @param targetBitrate bits per second */
  constructor(targetBitrate: number) {
    this.#bytesPerMs = (PACE * targetBitrate) / 8000;
    this.#burstBytes = burstOf(targetBitrate);
    this.#allowance = this.#burstBytes;
  }

  /** Follows the estimate, in bits per second. */
  setTarget(targetBitrate: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#bytesPerMs = (PACE * targetBitrate) / 8000;
    this.#burstBytes = burstOf(targetBitrate);
  }

  /** Holds everything but audio back while too much is under way. */
  hold(held: boolean): void {
    this.#held = held;
  }

  /** Queues a packet. False where it was dropped for want of space: then a key frame is needed. */
  push(packet: P, nowMs: number): boolean {
    if (this.#queuedBytes + packet.size > MAX_QUEUE_BYTES) {
      this.#dropped += 1;
      return false;
    }
    this.#queues[packet.kind].push({ packet, queuedMs: nowMs });
    this.#queuedBytes += packet.size;
    return true;
  }

  /** The packets to send now, in order. */
  take(nowMs: number): P[] {
    this.#refill(nowMs);
    const packets: P[] = [];
    for (let next = this.#next(); next; next = this.#next()) {
      this.#queuedBytes -= next.packet.size;
      this.#allowance -= next.packet.size;
      packets.push(next.packet);
    }
    return packets;
  }

  /** When to call `take` again; undefined while there is nothing to wait for. */
  nextAt(nowMs: number): number | undefined {
    if (this.#queues.audio.length > 0) return nowMs;
    if (this.#held || (this.#queues.retransmission.length === 0 && this.#queues.video.length === 0)) {
      return undefined;
    }
    this.#refill(nowMs);
    return this.#allowance > 0 ? nowMs : nowMs + (1 - this.#allowance) / this.#bytesPerMs;
  }

  /** Whether so much waits that the encoder should skip frames: 250 ms of it, or for 100 ms while it is held. */
  overflowing(nowMs: number): boolean {
    const oldest = this.#queues.video[0] ?? this.#queues.retransmission[0];
    if (oldest === undefined) return false;
    const drainMs = this.#queuedBytes / this.#bytesPerMs;
    return drainMs > MAX_QUEUE_MS || nowMs - oldest.queuedMs > (this.#held ? MAX_HELD_MS : MAX_QUEUE_MS);
  }

  /** `dropped` counts packets since the beginning. */
  stats() {
    return { queuedBytes: this.#queuedBytes, dropped: this.#dropped };
  }

  #next(): Queued<P> | undefined {
    const audio = this.#queues.audio.shift();
    if (audio !== undefined || this.#held || this.#allowance <= 0) return audio;
    return this.#queues.retransmission.shift() ?? this.#queues.video.shift();
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - (this.#allowanceAt ?? nowMs));
    this.#allowanceAt = nowMs;
    this.#allowance = Math.min(this.#burstBytes, this.#allowance + elapsedMs * this.#bytesPerMs);
  }
}

function burstOf(targetBitrate: number): number {
  return Math.max(MIN_BURST_BYTES, (targetBitrate * BURST_MS) / 8000);
}
