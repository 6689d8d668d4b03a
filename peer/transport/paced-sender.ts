import { type PacedPacket, Pacer } from '../rtp/congestion/pacer.ts';

/** A packet that waits for its turn. `size` is that of its payload. */
interface QueuedPacket extends PacedPacket {
  /** Sends it now. @returns its size in bytes; 0 where it could not be sent */
  readonly depart: () => number;
}

export interface PacedSenderOptions {
  /** Bits a second. */
  readonly targetBitrate: number;
  /** Told of each packet right after it left. */
  readonly onSent: (size: number) => void;
}

/** Gives the pacer its clock: packets leave at once while the bucket allows it, and by a timer after that. */
export class PacedSender {
  readonly #pacer: Pacer<QueuedPacket>;
  readonly #onSent: (size: number) => void;
  #target: number;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ targetBitrate, onSent }: PacedSenderOptions) {
    this.#pacer = new Pacer(targetBitrate);
    this.#target = targetBitrate;
    this.#onSent = onSent;
  }

  get overflowing(): boolean {
    return this.#pacer.overflowing(performance.now());
  }

  /** Bits a second that it sends at over time. */
  get targetBitrate(): number {
    return this.#target;
  }

  /** @returns whether all will be sent; where not, so much waits already that a key frame is needed */
  send(packets: readonly QueuedPacket[]): boolean {
    if (this.#closed) return true;
    const now = performance.now();
    const queued = packets.map((packet) => this.#pacer.push(packet, now));
    this.#flush();
    return !queued.includes(false);
  }

  /** Follows the estimate, and stops while too much is under way. */
  follow(targetBitrate: number, held: boolean): void {
    if (targetBitrate !== this.#target) this.#pacer.setTarget(targetBitrate, performance.now());
    this.#target = targetBitrate;
    this.#pacer.hold(held);
    this.#flush();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #flush(): void {
    if (this.#closed) return;
    for (const { depart } of this.#pacer.take(performance.now())) {
      const size = depart();
      if (size > 0) this.#onSent(size);
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = performance.now();
    const next = this.#pacer.nextAt(now);
    if (next !== undefined) this.#timer = setTimeout(() => this.#flush(), Math.max(1, next - now));
  }
}
