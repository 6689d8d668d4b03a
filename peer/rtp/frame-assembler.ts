import { type Depacketize, depacketizers, type Join, joins, type PayloadPart } from './depacketizer.ts';
import type { AccessUnit, IncomingCodec, RtpPacketView } from './packet.ts';
import { PartialFrame } from './partial-frame.ts';
import type { Ordered } from './reorder-buffer.ts';

/**
 * Why a frame cannot be decoded: packets of it, or whole frames before it, were lost (`gap`); it was joined in the
 * middle (`start-missing`); a payload of it is `malformed`; it is `too-large`; or it is whole, but what it refers to
 * may not be (`keyframe-missing`).
 */
export type BrokenReason = 'gap' | 'start-missing' | 'malformed' | 'too-large' | 'keyframe-missing';

export type Assembled =
  | { readonly type: 'frame'; readonly unit: AccessUnit }
  | { readonly type: 'broken'; readonly reason: BrokenReason };

/** Bytes of one frame at most: some three raw 1280×720 frames. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/**
 * Makes whole frames of packets in order. A frame ends with its marker bit, or where the next one begins. After
 * anything that is broken, and at the beginning, nothing comes out until a whole key frame does, so that a decoder
 * never gets a frame whose references are missing.
 *
 * Parameter sets that come as a frame of their own are put before the next frame. Packets without payload are
 * padding, and take nothing but their place in the sequence.
 */
export class FrameAssembler {
  readonly #depacketize: Depacketize;
  readonly #join: Join;
  readonly #maxFrameBytes: number;
  #frame: PartialFrame | undefined;
  /** The packet right before in the sequence. */
  #previous: Pick<RtpPacketView, 'timestamp' | 'marker'> | undefined;
  /** Timestamp of the frame last said to be broken, so that its other packets are dropped without a word. */
  #brokenTimestamp: number | undefined;
  #needsKeyframe = true;
  #whole = 0;
  #keyframes = 0;
  #broken = 0;
  #unreferenced = 0;
  #malformedPackets = 0;

  constructor(codec: IncomingCodec, { maxFrameBytes = MAX_FRAME_BYTES }: { maxFrameBytes?: number } = {}) {
    this.#depacketize = depacketizers[codec];
    this.#join = joins[codec];
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Nothing but a key frame will come out next. */
  get needsKeyframe(): boolean {
    return this.#needsKeyframe;
  }

  /** A key frame is on its way: its first packets are here. */
  get receivingKeyframe(): boolean {
    return this.#frame?.keyframe === true;
  }

  /** Holds everything back until the next key frame, as after a loss. */
  requireKeyframe(): void {
    this.#needsKeyframe = true;
  }

  push(item: Ordered): Assembled[] {
    const assembled: Assembled[] = [];
    if (item.type === 'packet') this.#onPacket(item.packet, item.arrivedAt, assembled);
    else this.#onGap(assembled);
    return assembled;
  }

  stats() {
    return {
      /** Frames handed out, key frames among them. */
      whole: this.#whole,
      keyframes: this.#keyframes,
      broken: this.#broken,
      /** Whole frames that were dropped because a key frame was needed. */
      unreferenced: this.#unreferenced,
      malformedPackets: this.#malformedPackets,
    };
  }

  #onPacket(packet: RtpPacketView, arrivedAt: number, assembled: Assembled[]): void {
    if (packet.payload.length === 0) return;
    if (this.#frame !== undefined && this.#frame.timestamp !== packet.timestamp) this.#finish(assembled);
    const part = this.#depacketize(packet.payload);
    if (part === undefined) this.#onMalformed(packet.timestamp, assembled);
    else this.#add(part, packet, arrivedAt, assembled);
    if (packet.marker) this.#finish(assembled);
    this.#previous = { timestamp: packet.timestamp, marker: packet.marker };
  }

  /** What is missing may be the end of this frame, whole frames, and the start of the next. */
  #onGap(assembled: Assembled[]): void {
    this.#break('gap', this.#frame?.timestamp, assembled);
    this.#previous = undefined;
  }

  #add(part: PayloadPart, packet: RtpPacketView, arrivedAt: number, assembled: Assembled[]): void {
    if (part.start === 'certain' && this.#frame?.picture === true) this.#finish(assembled);
    if (this.#frame === undefined && !this.#mayStart(part, packet)) {
      this.#break('start-missing', packet.timestamp, assembled);
      return;
    }
    this.#frame ??= new PartialFrame();
    if (!this.#frame.add(part, packet.timestamp, arrivedAt)) this.#onMalformed(packet.timestamp, assembled);
    else if (this.#frame.bytes > this.#maxFrameBytes) this.#break('too-large', packet.timestamp, assembled);
  }

  #mayStart(part: PayloadPart, packet: RtpPacketView): boolean {
    if (part.start !== 'possible') return part.start === 'certain';
    const previous = this.#previous;
    return previous !== undefined && (previous.marker || previous.timestamp !== packet.timestamp);
  }

  #finish(assembled: Assembled[]): void {
    const frame = this.#frame;
    if (frame?.picture !== true) return;
    this.#frame = undefined;
    const unit = frame.toAccessUnit(this.#join);
    if (unit === undefined) this.#onMalformed(frame.timestamp, assembled);
    else if (this.#needsKeyframe && !unit.keyframe) {
      this.#unreferenced += 1;
      assembled.push({ type: 'broken', reason: 'keyframe-missing' });
    } else this.#emit(unit, assembled);
  }

  #emit(unit: AccessUnit, assembled: Assembled[]): void {
    this.#whole += 1;
    if (unit.keyframe) this.#keyframes += 1;
    this.#needsKeyframe = false;
    this.#brokenTimestamp = undefined;
    assembled.push({ type: 'frame', unit });
  }

  #onMalformed(timestamp: number, assembled: Assembled[]): void {
    this.#malformedPackets += 1;
    this.#break('malformed', timestamp, assembled);
  }

  #break(reason: BrokenReason, timestamp: number | undefined, assembled: Assembled[]): void {
    this.#frame = undefined;
    this.#needsKeyframe = true;
    if (timestamp !== undefined && timestamp === this.#brokenTimestamp) return;
    this.#brokenTimestamp = timestamp;
    this.#broken += 1;
    assembled.push({ type: 'broken', reason });
  }
}
