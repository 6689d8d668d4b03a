import { BandwidthEstimator } from '../../../../peer/rtp/congestion/bandwidth-estimator.ts';
import { Pacer } from '../../../../peer/rtp/congestion/pacer.ts';
import { parseTransportFeedback } from '../../../../peer/rtp/congestion/parse-transport-feedback.ts';
import { TransportFeedbackGenerator } from '../../../../peer/rtp/congestion/transport-feedback-generator.ts';
import { seededRandom } from '../packets.ts';
import { type LinkConditions, SimulatedLink } from './simulated-link.ts';

interface Packet {
  readonly size: number;
  readonly kind: 'video';
}

interface Sent {
  readonly sequenceNumber: number;
  readonly size: number;
}

export interface StreamOptions {
  readonly seed: number;
  readonly link: LinkConditions;
  readonly max: number;
  readonly start?: number;
  /** The most that the encoder makes of its picture, in bits per second. */
  readonly encoderMax?: number;
  /** Milliseconds between key frames, which are eight times as large; none but the first without it. */
  readonly keyframeEveryMs?: number;
}

const PACKET_BYTES = 1200;
const FRAME_MS = 1000 / 30;
const TICK_MS = 50;
/** Of a frame of usual size. */
const KEYFRAME_SIZE = 8;
/** So that the 16-bit numbers wrap early. */
const FIRST_SEQUENCE = 65_000;
/** The receiver's clock has nothing to do with the sender's; its reference time wraps after 5 s. */
const RECEIVER_CLOCK_MS = 2 ** 24 * 64 - 5000;
const QUIET: LinkConditions = { bitrate: 1e9, queueBytes: 1e9, delayMs: 0, jitterMs: 0, loss: 0 };

/**
 * A camera stream over a simulated path: an encoder that makes 30 frames a second of the estimated rate, ours noisy by
 * a fifth, the pacer, the link, our own feedback from the far end over a second link, and the estimator.
 */
export class SimulatedStream {
  readonly link: SimulatedLink<Sent>;
  readonly feedbackLink: SimulatedLink<Uint8Array>;
  readonly estimator: BandwidthEstimator;
  /** The estimate each 10 ms. */
  readonly targets: { at: number; bitrate: number }[] = [];
  readonly frames: number[] = [];
  readonly delivered: { at: number; bytes: number }[] = [];
  skipped = 0;
  now = 0;
  packetsSent = 0;
  readonly #pacer: Pacer<Packet>;
  readonly #generator = new TransportFeedbackGenerator();
  readonly #random: () => number;
  readonly #encoderMax: number;
  readonly #keyframeEveryMs: number;
  #nextKeyframe = 0;
  #nextFrame = 0;

  constructor({
    seed,
    link,
    max,
    start,
    encoderMax = max,
    keyframeEveryMs = Number.POSITIVE_INFINITY,
  }: StreamOptions) {
    this.link = new SimulatedLink(seed, link);
    const { delayMs, jitterMs, loss } = link;
    this.feedbackLink = new SimulatedLink(seed + 1, { ...QUIET, delayMs, jitterMs, loss });
    this.estimator = new BandwidthEstimator({ max, ...(start === undefined ? {} : { start }) });
    this.#pacer = new Pacer(this.estimator.targetBitrate);
    this.#random = seededRandom(seed + 2);
    this.#encoderMax = encoderMax;
    this.#keyframeEveryMs = keyframeEveryMs;
  }

  run(durationMs: number): void {
    for (const end = this.now + durationMs; this.now < end; this.now += 1) this.#step(this.now);
  }

  /** Mean of the estimate over the last `ms`. */
  target(ms = 10): number {
    return mean(this.targets.filter(({ at }) => at >= this.now - ms).map(({ bitrate }) => bitrate));
  }

  /** Bits per second that arrived over the last `ms`. */
  throughput(ms: number): number {
    const bytes = this.delivered.filter(({ at }) => at >= this.now - ms).map(({ bytes }) => bytes);
    return (bytes.reduce((sum, size) => sum + size, 0) * 8000) / ms;
  }

  /** The longest wait before the bottleneck of packets that left it in this time. */
  longestWait(from: number, to = this.now): number {
    return this.link.waits.reduce(
      (longest, { at, ms }) => (at >= from && at < to ? Math.max(longest, ms) : longest),
      0,
    );
  }

  #step(now: number): void {
    if (now >= this.#nextFrame) this.#encode(now);
    if (now % TICK_MS === 0) this.estimator.tick(now);
    for (const { item, at } of this.feedbackLink.step(now)) this.#onFeedback(item, at);
    this.#send(now);
    for (const { item, at } of this.link.step(now)) {
      this.delivered.push({ at, bytes: item.size });
      this.#generator.onPacket(item.sequenceNumber, at + RECEIVER_CLOCK_MS);
    }
    this.#generator.onBitrate(this.#arriving(now));
    for (const fci of this.#generator.due(now)) this.feedbackLink.send(fci, fci.length, now);
    if (now % 10 === 0) this.targets.push({ at: now, bitrate: this.estimator.targetBitrate });
  }

  /** Bits per second that arrived over the last half second. */
  #arriving(now: number): number {
    let bytes = 0;
    for (let index = this.delivered.length - 1; index >= 0; index -= 1) {
      const arrival = this.delivered[index];
      if (arrival === undefined || arrival.at < now - 500) break;
      bytes += arrival.bytes;
    }
    return bytes * 16;
  }

  #onFeedback(fci: Uint8Array, at: number): void {
    const feedback = parseTransportFeedback(fci);
    if (feedback === undefined) throw new Error('Cannot read the feedback that we wrote');
    this.estimator.onFeedback(feedback, at);
    this.estimator.onRoundTrip(2 * this.link.conditions.delayMs);
  }

  #encode(now: number): void {
    this.#nextFrame += FRAME_MS;
    if (this.#pacer.overflowing(now)) {
      this.skipped += 1;
      return;
    }
    this.frames.push(now);
    const bitrate = Math.min(this.#encoderMax, this.estimator.targetBitrate);
    const keyframe = now >= this.#nextKeyframe;
    if (keyframe) this.#nextKeyframe += this.#keyframeEveryMs;
    let bytes = (bitrate / 8 / 30) * (0.8 + 0.4 * this.#random()) * (keyframe ? KEYFRAME_SIZE : 1);
    for (; bytes > 0; bytes -= PACKET_BYTES) {
      this.#pacer.push({ size: Math.ceil(Math.min(PACKET_BYTES, bytes)), kind: 'video' }, now);
    }
  }

  #send(now: number): void {
    this.#pacer.setTarget(this.estimator.targetBitrate, now);
    this.#pacer.hold(this.estimator.congested);
    for (const { size } of this.#pacer.take(now)) {
      const sequenceNumber = (FIRST_SEQUENCE + this.packetsSent) & 0xffff;
      this.packetsSent += 1;
      this.estimator.onSent(sequenceNumber, size, now);
      this.link.send({ sequenceNumber, size }, size, now);
    }
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
