import { unwrapSequence } from '../sequence.ts';
import { FeedbackMessage } from './feedback-message.ts';

/** Bits of one short message with its RTCP, SRTCP, UDP and IP headers. */
const MESSAGE_BITS = 8 * 68;
/** Share of the bandwidth that feedback may take. */
const BANDWIDTH_SHARE = 0.05;
const MIN_INTERVAL_MS = 50;
const MAX_INTERVAL_MS = 250;
const INITIAL_INTERVAL_MS = 100;
/** How far behind the newest a packet is still believed and remembered (some two seconds of 4 Mbit/s video). */
const MEMORY = 1000;
/** Arrivals kept at most, reported or not; one more, and the oldest is forgotten. */
const CAPACITY = 8192;
/** So many packets in a row from before that are a counter that began anew. */
const STRAYS_BEFORE_RESTART = 16;

/**
 * Tells a sender when its packets arrived, so that it can estimate the bandwidth: transport-wide congestion control
 * feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01), one generator for a transport.
 *
 * A packet that was reported missing and comes after all makes the next message begin with it. Duplicates change
 * nothing: the first arrival counts.
 */
export class TransportFeedbackGenerator {
  /** Arrival in milliseconds by unwrapped number: what is to be reported and the {@link MEMORY} before it. */
  readonly #arrivals = new Map<number, number>();
  #highest: number | undefined;
  /** The first number that the next message speaks of. */
  #next = 0;
  #fresh = false;
  #strays = 0;
  #intervalMs = INITIAL_INTERVAL_MS;
  #sentAt = Number.NEGATIVE_INFINITY;
  #messages = 0;

  /** Milliseconds between messages: what 5 % of the bandwidth allow, between 50 and 250. */
  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** Takes note of the rate that arrives, which paces the messages. */
  onBitrate(bitsPerSecond: number): void {
    const interval = (1000 * MESSAGE_BITS) / (BANDWIDTH_SHARE * Math.max(1, bitsPerSecond));
    this.#intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, interval));
  }

  /** @param transportSequenceNumber from the header extension, 16 bits */
  onPacket(transportSequenceNumber: number, arrivalMs: number): void {
    if (this.#highest === undefined) this.#restart(transportSequenceNumber);
    const highest = this.#highest ?? transportSequenceNumber;
    const position = unwrapSequence(highest, transportSequenceNumber);
    if (position <= highest - MEMORY && !this.#isRestart(position)) return;
    this.#strays = 0;
    if (this.#arrivals.has(position)) return;
    this.#remember(position, arrivalMs);
    this.#highest = Math.max(this.#highest ?? position, position);
    this.#next = Math.min(this.#next, position);
    this.#fresh = true;
  }

  /** The messages to send now, as feedback control information; none before the interval is over. */
  due(nowMs: number): Uint8Array[] {
    if (!this.#fresh || nowMs - this.#sentAt < this.#intervalMs) return [];
    this.#sentAt = nowMs;
    this.#fresh = false;
    const messages = this.#messagesFrom(this.#next);
    this.#forget();
    return messages.map((message) => message.serialize(this.#messages++));
  }

  #messagesFrom(first: number): FeedbackMessage[] {
    const positions = [...this.#arrivals.keys()]
      .filter((position) => position >= first)
      .sort((a, b) => a - b);
    const messages: FeedbackMessage[] = [];
    let next = first;
    for (const position of positions) {
      const arrivalMs = this.#arrivals.get(position) ?? 0;
      if (!messages.at(-1)?.add(position, arrivalMs)) {
        const message = new FeedbackMessage(next, arrivalMs);
        message.add(position, arrivalMs);
        messages.push(message);
      }
      next = position + 1;
    }
    this.#next = next;
    return messages;
  }

  #remember(position: number, arrivalMs: number): void {
    this.#arrivals.set(position, arrivalMs);
    const [oldest] = this.#arrivals.keys();
    if (oldest !== undefined && this.#arrivals.size > CAPACITY) this.#arrivals.delete(oldest);
  }

  #forget(): void {
    for (const position of this.#arrivals.keys()) {
      if (position <= this.#next - 1 - MEMORY) this.#arrivals.delete(position);
    }
  }

  /** Whether a packet from long before is one too many to be a straggler; then counting begins with it. */
  #isRestart(position: number): boolean {
    this.#strays += 1;
    if (this.#strays < STRAYS_BEFORE_RESTART) return false;
    this.#restart(position);
    return true;
  }

  #restart(position: number): void {
    this.#arrivals.clear();
    this.#highest = position;
    this.#next = position;
  }
}
