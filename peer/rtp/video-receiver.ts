import { type Assembled, FrameAssembler } from './frame-assembler.ts';
import { KeyframeRequester } from './keyframe-requester.ts';
import { NackGenerator } from './nack-generator.ts';
import type { AccessUnit, IncomingCodec, RtpPacketView } from './packet.ts';
import { type Ordered, ReorderBuffer } from './reorder-buffer.ts';

/** What the owner of a {@link VideoReceiver} has to do next, in this order. */
export type VideoReceiverEvent =
  /** Decode this frame: every frame that it refers to was handed out before it. */
  | { readonly type: 'frame'; readonly unit: AccessUnit }
  /** Send a generic NACK for these sequence numbers (RFC 4585, section 6.2.1). */
  | { readonly type: 'nack'; readonly sequenceNumbers: readonly number[] }
  /** Send a picture loss indication (RFC 4585, section 6.3.1). It is paced here: send each. */
  | { readonly type: 'keyframe-needed' };

/** Counters since the track began. */
export interface VideoReceiverStats {
  readonly packetsReceived: number;
  /** Given up; the ones that came after all are in `packetsLate` too. */
  readonly packetsLost: number;
  readonly packetsDuplicate: number;
  readonly packetsLate: number;
  /** Payloads that are not of the codec. */
  readonly packetsMalformed: number;
  /** Packets that wait behind a gap now. */
  readonly packetsWaiting: number;
  /** Sequence numbers asked for again, with repetitions. */
  readonly packetsAsked: number;
  /** Frames handed out, key frames among them. */
  readonly frames: number;
  readonly keyframes: number;
  /** Frames, or runs of frames, that packets were missing of or that were malformed. */
  readonly framesBroken: number;
  /** Whole frames that were dropped because what they refer to was broken. */
  readonly framesUnreferenced: number;
  readonly keyframesAsked: number;
}

/** Milliseconds, until the first round trip has been measured. */
const ASSUMED_RTT_MS = 100;
/** Bounds of the time that packets wait for a retransmission. */
const MIN_WAIT_MS = 100;
const MAX_WAIT_MS = 500;

/**
 * The receive path of one video track, from packets as they arrive to whole frames that a decoder can take: reorders,
 * asks for what is missing, assembles frames, and asks for a key frame after what could not be repaired. The first
 * frame that comes out is a key frame, and so is the first after every loss.
 *
 * The owner passes every packet of the negotiated payload type to `push`, calls `tick` about every 20 ms while the
 * track lives, and does what the events say. It has no clock and no timers: `nowMs` is any clock in milliseconds that
 * does not run backwards, the same for every call. There is nothing to close.
 */
export class VideoReceiver {
  readonly #reorder = new ReorderBuffer();
  readonly #nack = new NackGenerator();
  readonly #requester = new KeyframeRequester();
  readonly #assembler: FrameAssembler;
  #rttMs = ASSUMED_RTT_MS;

  constructor(codec: IncomingCodec) {
    this.#assembler = new FrameAssembler(codec);
  }

  /** Takes a packet, retransmitted ones too. The payload must not change afterwards; frames are copies. */
  push(packet: RtpPacketView, nowMs: number): VideoReceiverEvent[] {
    this.#nack.onPacket(packet.sequenceNumber, nowMs);
    return this.#advance(this.#reorder.push(packet, nowMs), nowMs);
  }

  /** Lets time pass: gives up what did not come and repeats requests. `rttMs` is the round trip where it is known. */
  tick(nowMs: number, rttMs?: number): VideoReceiverEvent[] {
    this.#rttMs = rttMs ?? this.#rttMs;
    return this.#advance(this.#reorder.expire(nowMs, this.#waitMs()), nowMs);
  }

  /** The decoder could not go on: everything until the next key frame is dropped, and one is asked for. */
  decoderFailed(nowMs: number): VideoReceiverEvent[] {
    this.#assembler.requireKeyframe();
    this.#requester.request();
    return this.#advance([], nowMs);
  }

  stats(): VideoReceiverStats {
    const packets = this.#reorder.stats();
    const frames = this.#assembler.stats();
    return {
      packetsReceived: packets.received,
      packetsLost: packets.lost,
      packetsDuplicate: packets.duplicate,
      packetsLate: packets.late,
      packetsMalformed: frames.malformedPackets,
      packetsWaiting: packets.waiting,
      packetsAsked: this.#nack.stats().asked,
      frames: frames.whole,
      keyframes: frames.keyframes,
      framesBroken: frames.broken,
      framesUnreferenced: frames.unreferenced,
      keyframesAsked: this.#requester.stats().asked,
    };
  }

  /** A retransmission needs a round trip, and a second chance another: a key frame instead would cost more. */
  #waitMs(): number {
    return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, 2.5 * this.#rttMs));
  }

  #advance(ordered: readonly Ordered[], nowMs: number): VideoReceiverEvent[] {
    const events: VideoReceiverEvent[] = [];
    for (const item of ordered) {
      if (item.type === 'gap') this.#nack.forgetBefore(item.resumesAt);
      for (const assembled of this.#assembler.push(item)) this.#take(assembled, events);
    }
    const sequenceNumbers = this.#nack.due(nowMs, this.#rttMs);
    if (sequenceNumbers.length > 0) events.push({ type: 'nack', sequenceNumbers });
    // One that is on its way is better waited for than asked for again.
    if (!this.#assembler.receivingKeyframe && this.#requester.due(nowMs, this.#rttMs)) {
      events.push({ type: 'keyframe-needed' });
    }
    return events;
  }

  #take(assembled: Assembled, events: VideoReceiverEvent[]): void {
    if (assembled.type === 'broken') this.#requester.request();
    else {
      if (assembled.unit.keyframe) this.#requester.onKeyframe();
      events.push(assembled);
    }
  }
}
