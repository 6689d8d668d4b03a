import type { AccessUnit, IncomingCodec, RtpPacketView } from '../../../peer/rtp/packet.ts';
import { VideoReceiver } from '../../../peer/rtp/video-receiver.ts';
import { packetizerOf } from '../../support/foreign-packetizer.ts';
import { seededRandom } from './packets.ts';

export interface Link {
  seed: number;
  /** Share of packets lost, in either direction, 0 to 1. */
  loss: number;
  /** Share of packets that arrive twice. */
  duplication: number;
  /** Milliseconds that a packet takes at most beyond the half round trip: packets overtake each other. */
  jitterMs: number;
  rttMs: number;
  /** Whether the sender sends again what it is asked for. */
  retransmits: boolean;
}

interface SentFrame {
  index: number;
  data: Uint8Array;
  keyframe: boolean;
}

const FRAME_MS = 33;
const TICK_MS = 20;
/** Just before the wrap of either, so that both happen early in the call. */
const FIRST_SEQUENCE = 65_500;
const FIRST_TIMESTAMP = 0xffff_ffff - 20 * 2970;

/**
 * A sender, a lossy link and a {@link VideoReceiver} on one simulated clock. The sender makes a key frame at first and
 * when it is asked to, and answers NACKs if the link says so.
 */
export class SimulatedCall {
  readonly receiver: VideoReceiver;
  /** By RTP timestamp. */
  readonly sent = new Map<number, SentFrame>();
  readonly received: AccessUnit[] = [];
  #link: Link;
  readonly #codec: IncomingCodec;
  readonly #random: () => number;
  readonly #packetizer;
  readonly #history = new Map<number, RtpPacketView>();
  #inFlight: { at: number; packet: RtpPacketView }[] = [];
  #requests: { at: number; keyframe: boolean; sequenceNumbers: readonly number[] }[] = [];
  #sequence = FIRST_SEQUENCE;
  #keyframeAsked = true;
  #now = 0;

  constructor(codec: IncomingCodec, link: Link) {
    this.#codec = codec;
    this.#link = link;
    this.#random = seededRandom(link.seed);
    this.#packetizer = packetizerOf(codec, 200);
    this.receiver = new VideoReceiver(codec);
  }

  set link(link: Partial<Link>) {
    this.#link = { ...this.#link, ...link };
  }

  run(durationMs: number): void {
    this.#advance(durationMs, true);
  }

  /** Lets what is under way arrive, while the camera stands still. */
  drain(): void {
    this.#advance(1000, false);
  }

  /** The decoder gives up now. */
  failDecoder(): void {
    this.#take(this.receiver.decoderFailed(this.#now));
  }

  #advance(durationMs: number, sending: boolean): void {
    for (const end = this.#now + durationMs; this.#now < end; this.#now += 1) {
      if (sending && this.#now % FRAME_MS === 0) this.#sendFrame();
      this.#answerRequests();
      this.#deliver();
      if (this.#now % TICK_MS === 0) this.#take(this.receiver.tick(this.#now, this.#link.rttMs));
    }
  }

  #sendFrame(): void {
    const keyframe = this.#keyframeAsked;
    this.#keyframeAsked = false;
    const timestamp = (FIRST_TIMESTAMP + this.sent.size * 2970) % 2 ** 32;
    const data = this.#encode(keyframe);
    this.sent.set(timestamp, { index: this.sent.size, data, keyframe });
    for (const { payload, marker } of this.#packetizer.packetize(data)) {
      const packet = { sequenceNumber: this.#sequence, timestamp, marker, payload };
      this.#history.set(this.#sequence, packet);
      this.#sequence = (this.#sequence + 1) & 0xffff;
      this.#send(packet);
    }
  }

  #send(packet: RtpPacketView): void {
    const copies = this.#random() < this.#link.duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const at = this.#now + this.#link.rttMs / 2 + this.#random() * this.#link.jitterMs;
      if (this.#random() >= this.#link.loss) this.#inFlight.push({ at, packet });
    }
  }

  #deliver(): void {
    const arrived = this.#inFlight.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    this.#inFlight = this.#inFlight.filter(({ at }) => at > this.#now);
    for (const { packet } of arrived) this.#take(this.receiver.push(packet, this.#now));
  }

  #take(events: ReturnType<VideoReceiver['push']>): void {
    for (const event of events) {
      if (event.type === 'frame') this.received.push(event.unit);
      else if (this.#random() >= this.#link.loss) {
        const sequenceNumbers = event.type === 'nack' ? event.sequenceNumbers : [];
        const at = this.#now + this.#link.rttMs / 2;
        this.#requests.push({ at, keyframe: event.type === 'keyframe-needed', sequenceNumbers });
      }
    }
  }

  #answerRequests(): void {
    const arrived = this.#requests.filter(({ at }) => at <= this.#now);
    this.#requests = this.#requests.filter(({ at }) => at > this.#now);
    for (const { keyframe, sequenceNumbers } of arrived) {
      this.#keyframeAsked ||= keyframe;
      if (!this.#link.retransmits) continue;
      for (const number of sequenceNumbers) {
        const packet = this.#history.get(number);
        if (packet !== undefined) this.#send(packet);
      }
    }
  }

  /** Some bytes that have the form of a frame. */
  #encode(keyframe: boolean): Uint8Array {
    const body = this.#bytes((keyframe ? 2000 : 20) + this.#random() * 600);
    switch (this.#codec) {
      case 'VP8':
        return Uint8Array.of(keyframe ? 0 : 1, ...body);
      case 'VP9':
        return Uint8Array.of(keyframe ? 0x82 : 0x86, ...body);
      case 'AV1':
        return this.#temporalUnit(keyframe, body);
      case 'H264':
        return this.#accessUnit(keyframe, body);
    }
  }

  #accessUnit(keyframe: boolean, body: number[]): Uint8Array {
    const slice = [0, 0, 0, 1, keyframe ? 0x65 : 0x41, ...body];
    if (!keyframe) return Uint8Array.from(slice);
    const parameters = [0, 0, 0, 1, 0x67, ...this.#bytes(12), 0, 0, 0, 1, 0x68, ...this.#bytes(4)];
    return Uint8Array.of(...parameters, ...slice);
  }

  /** A temporal delimiter, a sequence header before key frames, and a frame. */
  #temporalUnit(keyframe: boolean, body: number[]): Uint8Array {
    const frame = [keyframe ? 0x10 : 0x30, ...body];
    const size = frame.length < 0x80 ? [frame.length] : [(frame.length & 0x7f) | 0x80, frame.length >> 7];
    const sequenceHeader = keyframe ? [0x0a, 11, ...this.#bytes(11)] : [];
    return Uint8Array.of(0x12, 0, ...sequenceHeader, 0x32, ...size, ...frame);
  }

  /** Never 0, so that no start code comes about. */
  #bytes(length: number): number[] {
    return Array.from({ length }, () => 1 + Math.floor(this.#random() * 255));
  }
}
