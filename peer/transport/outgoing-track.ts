import { EventEmitter } from 'node:events';
import { type RTCRtpTransceiver, type RtcpRrPacket, RtcpSrPacket } from 'werift';
import type { Logger } from '../log.ts';
import type { OutgoingPayload } from '../rtp/packet.ts';
import { RetransmissionHistory, type SentPacket } from '../rtp/retransmission-history.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import type { PacedSender } from './paced-sender.ts';
import type { VideoChoice } from './video-choice.ts';

export interface OutgoingTrackEvents {
  /** The other side asks for a key frame (RFC 4585 PLI or RFC 5104 FIR), or cannot go on without one. */
  'keyframe-requested': [];
}

/** The video that goes out in one media section: paced, remembered, and sent again where it is missed. */
export class OutgoingTrack extends EventEmitter<OutgoingTrackEvents> {
  readonly choice: VideoChoice;
  readonly #transceiver: RTCRtpTransceiver;
  readonly #stream: OutgoingStream;
  readonly #history = new RetransmissionHistory();
  readonly #onDeparture: ((timestamp: number, nowMs: number) => void) | undefined;
  #sequenceNumber = Math.floor(Math.random() * 0x1_0000);
  #roundTripTime: number | undefined;
  #paced: PacedSender | undefined;

  /** @param onDeparture told of each packet that leaves, but for those that are sent again */
  constructor(
    choice: VideoChoice,
    transceiver: RTCRtpTransceiver,
    log: Logger,
    onDeparture?: (timestamp: number, nowMs: number) => void,
  ) {
    super();
    this.choice = choice;
    this.#transceiver = transceiver;
    this.#stream = new OutgoingStream(transceiver, choice.payloadType, log);
    this.#onDeparture = onDeparture;
  }

  get ssrc(): number {
    return this.#stream.ssrc;
  }

  /** Round-trip time in milliseconds as the receiver reports of the other side give it. */
  get roundTripTime(): number | undefined {
    return this.#roundTripTime;
  }

  /** Whether the other side takes it. */
  get isTaken(): boolean {
    return this.#transceiver.direction === 'sendrecv' || this.#transceiver.direction === 'sendonly';
  }

  /** Lets packets leave through a pacer from now on. */
  sendThrough(sender: PacedSender): void {
    this.#paced = sender;
  }

  /**
   * Sends the packets of one frame. Sequence numbers count on by themselves.
   * @param timestamp RTP timestamp, 90 kHz, 32 bits
   */
  send(payloads: readonly OutgoingPayload[], timestamp: number): void {
    const packets = payloads.map(({ payload, marker }) => ({
      size: payload.length,
      kind: 'video' as const,
      depart: () => this.#sendNow(payload, timestamp, marker),
    }));
    if (this.#paced === undefined) for (const { depart } of packets) depart();
    else if (!this.#paced.send(packets)) this.emit('keyframe-requested');
  }

  /** Sends again what the other side misses, as far as the path carries it. */
  resend(sequenceNumbers: readonly number[]): void {
    const paced = this.#paced;
    if (paced === undefined) return;
    const path = { roundTripMs: this.#roundTripTime ?? 0, targetBitrate: paced.targetBitrate };
    const packets = this.#history.take(sequenceNumbers, performance.now(), path).map((packet) => ({
      size: packet.payload.length,
      kind: 'retransmission' as const,
      depart: () => this.#stream.resend(packet),
    }));
    if (packets.length > 0) paced.send(packets);
  }

  /** Packets sent again, and requests for one that were refused because the path carries no more. */
  retransmissions(): { repeated: number; refused: number } {
    return this.#history.stats();
  }

  /** Takes what the other side reports of this stream. The library reads it from receiver reports alone. */
  readReports(packet: RtcpSrPacket | RtcpRrPacket): void {
    const { sender } = this.#transceiver;
    if (!packet.reports.some(({ ssrc }) => ssrc === sender.ssrc)) return;
    if (packet instanceof RtcpSrPacket) sender.handleRtcpPacket(packet);
    const report = sender.collectStats(0).find(({ type }) => type === 'remote-inbound-rtp');
    const seconds = (report as { roundTripTime?: number } | undefined)?.roundTripTime;
    if (seconds !== undefined) this.#roundTripTime = Math.max(0, seconds * 1000);
  }

  /** @returns bytes of the packet */
  #sendNow(payload: Uint8Array, timestamp: number, marker: boolean): number {
    const packet: SentPacket = { payload, timestamp, marker, sequenceNumber: this.#sequenceNumber };
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    const now = performance.now();
    this.#onDeparture?.(timestamp, now);
    this.#history.onSent(packet, now);
    return this.#stream.send(packet);
  }
}
