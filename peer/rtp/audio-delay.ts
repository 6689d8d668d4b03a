export interface AudioDelayOptions {
  /** Packets held at most; one more, and the oldest is dropped. A second of Opus is 50 packets, at most 400. */
  readonly maxPackets?: number;
  readonly maxDelayMs?: number;
  /** Milliseconds that the delay changes in a second: 50 stretch a packet of 20 ms by 1 ms, which nobody hears. */
  readonly slewMsPerSecond?: number;
}

interface Held<Packet> {
  readonly packet: Packet;
  readonly releaseAt: number;
}

/** Share of a new measurement in the smoothed one: 30 frames a second are forgotten within some seconds. */
const SMOOTHING = 1 / 32;

/**
 * Holds the packets of a stream of sound back by what its picture takes. The delay follows the smoothed delay of the
 * picture in small steps, so that the receiver's jitter buffer neither stretches nor skips. Packets leave in the order
 * they came in and as they came, whatever their numbers; silence and gaps stay as long as they were.
 *
 * Bounded, drop-oldest. Times are milliseconds of the caller's clock and must not run backwards.
 */
export class AudioDelay<Packet> {
  readonly #maxPackets: number;
  readonly #maxDelayMs: number;
  readonly #slew: number;
  readonly #held: Held<Packet>[] = [];
  #target: number | undefined;
  #delay = 0;
  #slewedAt: number | undefined;
  #lastReleaseAt = 0;
  #dropped = 0;

  constructor({ maxPackets = 512, maxDelayMs = 1000, slewMsPerSecond = 50 }: AudioDelayOptions = {}) {
    this.#maxPackets = maxPackets;
    this.#maxDelayMs = maxDelayMs;
    this.#slew = slewMsPerSecond / 1000;
  }

  /** Milliseconds that a packet pushed now would be held. */
  get delayMs(): number {
    return this.#delay;
  }

  /** Packets dropped because too many were held. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a measurement of what the picture takes. */
  follow(videoDelayMs: number): void {
    const bounded = Math.min(Math.max(videoDelayMs, 0), this.#maxDelayMs);
    this.#target = this.#target === undefined ? bounded : this.#target + (bounded - this.#target) * SMOOTHING;
  }

  push(packet: Packet, nowMs: number): void {
    const delay = this.#slewed(nowMs);
    this.#lastReleaseAt = Math.max(this.#lastReleaseAt, nowMs + delay);
    this.#held.push({ packet, releaseAt: this.#lastReleaseAt });
    if (this.#held.length <= this.#maxPackets) return;
    this.#held.shift();
    this.#dropped++;
  }

  /** The packets whose time has come, oldest first. */
  take(nowMs: number): Packet[] {
    const due = this.#held.findIndex(({ releaseAt }) => releaseAt > nowMs);
    return this.#held.splice(0, due === -1 ? this.#held.length : due).map(({ packet }) => packet);
  }

  /** When the next packet leaves; `undefined` while none is held. */
  nextAt(): number | undefined {
    return this.#held[0]?.releaseAt;
  }

  /** Moves the delay towards its target as far as the time since the packet before allows. */
  #slewed(nowMs: number): number {
    const reach = (nowMs - (this.#slewedAt ?? nowMs)) * this.#slew;
    const away = (this.#target ?? this.#delay) - this.#delay;
    this.#slewedAt = nowMs;
    this.#delay += Math.min(Math.max(away, -reach), reach);
    return this.#delay;
  }
}
