import { MAX_SEQUENCE_JUMP, unwrapSequence, wrapSequence } from './sequence.ts';

export interface NackGeneratorOptions {
  /** Sequence numbers remembered at most; one more, and the oldest is forgotten. */
  maxMissing?: number;
  /** How often one packet is asked for. */
  maxAsks?: number;
  /** Milliseconds after which a packet is no longer asked for. */
  maxAgeMs?: number;
  /** Milliseconds that a packet may be overtaken by others before it is asked for. */
  reorderingMs?: number;
}

interface Missing {
  readonly noticedAt: number;
  askedAt: number;
  asks: number;
}

/** Milliseconds between two requests for one packet, however short the round trip. */
const MIN_RETRY_MS = 25;
/** A retransmission takes the round trip and what the sender needs; asking sooner doubles it. */
const RETRY_ROUND_TRIPS = 1.25;

/**
 * Decides which packets of one RTP stream to ask for again with generic NACKs (RFC 4585, section 6.2.1). A jump
 * further than MAX_SEQUENCE_JUMP is a sender that began anew: what was missing before it is forgotten.
 */
export class NackGenerator {
  readonly #options: Required<NackGeneratorOptions>;
  /** By position, ascending. */
  readonly #missing = new Map<number, Missing>();
  #highest: number | undefined;
  #asked = 0;

  constructor({
    maxMissing = 512,
    maxAsks = 10,
    maxAgeMs = 1000,
    reorderingMs = 5,
  }: NackGeneratorOptions = {}) {
    this.#options = { maxMissing, maxAsks, maxAgeMs, reorderingMs };
  }

  /** Takes note of a packet that arrived, in whatever order. */
  onPacket(sequenceNumber: number, nowMs: number): void {
    const highest = this.#highest ?? sequenceNumber;
    this.#highest = highest;
    const position = unwrapSequence(highest, sequenceNumber);
    if (Math.abs(position - highest) > MAX_SEQUENCE_JUMP) this.#restart(position);
    else if (position > highest) this.#advance(highest, position, nowMs);
    else this.#missing.delete(position);
  }

  /** Nobody waits any more for what lies before this sequence number. */
  forgetBefore(sequenceNumber: number): void {
    if (this.#highest === undefined) return;
    const limit = unwrapSequence(this.#highest, sequenceNumber);
    for (const position of this.#missing.keys()) {
      if (position >= limit) return;
      this.#missing.delete(position);
    }
  }

  /** The sequence numbers to ask for now, in order; they count as asked. `rttMs` paces the retries. */
  due(nowMs: number, rttMs: number): number[] {
    const retryMs = Math.max(MIN_RETRY_MS, rttMs * RETRY_ROUND_TRIPS);
    const due: number[] = [];
    for (const [position, missing] of this.#missing) {
      if (this.#isHopeless(missing, nowMs, retryMs)) this.#missing.delete(position);
      else if (this.#isDue(missing, nowMs, retryMs)) {
        missing.askedAt = nowMs;
        missing.asks += 1;
        due.push(wrapSequence(position));
      }
    }
    this.#asked += due.length;
    return due;
  }

  /** `asked` counts sequence numbers with their retries; `missing` is how many are outstanding now. */
  stats() {
    return { asked: this.#asked, missing: this.#missing.size };
  }

  #isHopeless(missing: Missing, nowMs: number, retryMs: number): boolean {
    const outOfAsks = missing.asks >= this.#options.maxAsks && nowMs - missing.askedAt >= retryMs;
    return outOfAsks || nowMs - missing.noticedAt > this.#options.maxAgeMs;
  }

  #isDue(missing: Missing, nowMs: number, retryMs: number): boolean {
    if (missing.asks === 0) return nowMs - missing.noticedAt >= this.#options.reorderingMs;
    return nowMs - missing.askedAt >= retryMs;
  }

  #advance(highest: number, position: number, nowMs: number): void {
    this.#highest = position;
    for (let missing = highest + 1; missing < position; missing += 1) {
      this.#missing.set(missing, { noticedAt: nowMs, askedAt: 0, asks: 0 });
    }
    for (const oldest of this.#missing.keys()) {
      if (this.#missing.size <= this.#options.maxMissing) return;
      this.#missing.delete(oldest);
    }
  }

  #restart(position: number): void {
    this.#missing.clear();
    this.#highest = position;
  }
}
