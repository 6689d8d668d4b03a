import { EventEmitter } from 'node:events';
import {
  GenericNack,
  MediaStreamTrack,
  PictureLossIndication,
  ReceiverEstimatedMaxBitrate,
  type RTCRtpTransceiver,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  type RtcpRrPacket,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  type RtpPacket,
} from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import type { SenderReportClock } from '../rtp/clock-mapper.ts';
import type { RtpPacketView } from '../rtp/packet.ts';
import { toMantissaExponent } from '../rtp/remb.ts';
import { RetransmissionHistory, type SentPacket } from '../rtp/retransmission-history.ts';
import { TransitMeter } from '../rtp/transit-meter.ts';
import type { VideoChoice } from './negotiation.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import type { PacedSender } from './paced-sender.ts';

export interface VideoTrackEvents {
  /** A packet of the negotiated codec; retransmissions come unwrapped. */
  packet: [packet: RtpPacketView];
  /** The other side asks for a key frame (RFC 4585 PLI or RFC 5104 FIR). */
  'keyframe-requested': [];
  'sender-report': [report: SenderReportClock];
  /** A frame begins to go out, so many milliseconds after it had come in. */
  delayed: [milliseconds: number];
}

/** One camera track and the annotated track that goes back in the same media section. */
export class VideoTrack extends EventEmitter<VideoTrackEvents> {
  readonly choice: VideoChoice;
  readonly #transceiver: RTCRtpTransceiver;
  readonly #remote: MediaStreamTrack;
  readonly #log: Logger;
  readonly #transit = new TransitMeter();
  readonly #outgoing: OutgoingStream;
  readonly #history = new RetransmissionHistory();
  #sequenceNumber = Math.floor(Math.random() * 0x1_0000);
  #roundTripTime: number | undefined;
  #paced: PacedSender | undefined;

  constructor(choice: VideoChoice, transceiver: RTCRtpTransceiver, remote: MediaStreamTrack, log: Logger) {
    super();
    this.choice = choice;
    this.#transceiver = transceiver;
    this.#remote = remote;
    this.#log = log;
    this.#outgoing = new OutgoingStream(transceiver, choice.payloadType, log);
    const guard = guarded(log);
    remote.onReceiveRtp.subscribe(guard((packet) => this.#onRtp(packet)));
    transceiver.receiver.onRtcp.subscribe(guard((packet) => this.#onReceiverRtcp(packet)));
  }

  /** SSRC of the outgoing stream. */
  get localSsrc(): number {
    return this.#outgoing.ssrc;
  }

  /** Round-trip time in milliseconds as the receiver reports of the other side give it. */
  get roundTripTime(): number | undefined {
    return this.#roundTripTime;
  }

  /** Whether the other side takes a track back. */
  get sendsBack(): boolean {
    return this.#transceiver.direction === 'sendrecv' || this.#transceiver.direction === 'sendonly';
  }

  /**
   * Sends one packet of the outgoing stream. Sequence numbers count on by themselves.
   * @param timestamp RTP timestamp, 90 kHz, 32 bits
   */
  send(payload: Uint8Array, timestamp: number, marker: boolean): void {
    const depart = () => this.#sendNow(payload, timestamp, marker);
    if (this.#paced === undefined) depart();
    else if (!this.#paced.send({ size: payload.length, kind: 'video', depart }))
      this.emit('keyframe-requested');
  }

  /** Lets packets leave through a pacer from now on. */
  sendThrough(sender: PacedSender): void {
    this.#paced = sender;
  }

  /** Sends again what the other side misses, as far as the path carries it. */
  resend(sequenceNumbers: readonly number[]): void {
    const paced = this.#paced;
    if (paced === undefined) return;
    const path = { roundTripMs: this.#roundTripTime ?? 0, targetBitrate: paced.targetBitrate };
    for (const packet of this.#history.take(sequenceNumbers, performance.now(), path)) {
      const depart = () => this.#outgoing.resend(packet);
      paced.send({ size: packet.payload.length, kind: 'retransmission', depart });
    }
  }

  /** Packets sent again, and requests for one that were refused because the path carries no more. */
  retransmissions(): { repeated: number; refused: number } {
    return this.#history.stats();
  }

  /** @returns bytes of the packet */
  #sendNow(payload: Uint8Array, timestamp: number, marker: boolean): number {
    const packet: SentPacket = { payload, timestamp, marker, sequenceNumber: this.#sequenceNumber };
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    const now = performance.now();
    const delay = this.#transit.onOut(timestamp, now);
    if (delay !== undefined) this.emit('delayed', delay);
    this.#history.onSent(packet, now);
    return this.#outgoing.send(packet);
  }

  /** Asks the camera for a key frame. */
  sendPictureLossIndication(): void {
    const feedback = new PictureLossIndication({
      senderSsrc: this.receiverSsrc,
      mediaSsrc: this.remoteSsrc,
    });
    this.#sendRtcp(new RtcpPayloadSpecificFeedback({ feedback }));
  }

  /** Asks for packets again (RFC 4585, generic NACK). */
  sendNack(sequenceNumbers: readonly number[]): void {
    const feedback = new GenericNack({
      senderSsrc: this.receiverSsrc,
      mediaSourceSsrc: this.remoteSsrc,
      lost: [...sequenceNumbers],
    });
    this.#sendRtcp(new RtcpTransportLayerFeedback({ feedback }));
  }

  /** Tells the camera how many bits a second may come. */
  sendMaxBitrate(bitsPerSecond: number): void {
    const { mantissa, exponent } = toMantissaExponent(bitsPerSecond);
    const feedback = new ReceiverEstimatedMaxBitrate({
      senderSsrc: this.receiverSsrc,
      mediaSsrc: 0,
      ssrcNum: 1,
      brExp: exponent,
      brMantissa: mantissa,
      ssrcFeedbacks: [this.remoteSsrc],
    });
    this.#sendRtcp(new RtcpPayloadSpecificFeedback({ feedback }));
  }

  /** SSRC that feedback about the incoming stream is sent under. */
  get receiverSsrc(): number {
    return this.#transceiver.receiver.rtcpSsrc;
  }

  /** SSRC of the incoming stream; 0 before its first packet where the offer does not name it. */
  get remoteSsrc(): number {
    return this.#remote.ssrc ?? 0;
  }

  #sendRtcp(packet: RtcpPacket): void {
    this.#transceiver.receiver.dtlsTransport
      .sendRtcp([packet])
      .catch((error: unknown) => this.#log.debug({ error }, 'Feedback not sent'));
  }

  #onRtp({ header, payload }: RtpPacket): void {
    const { sequenceNumber, timestamp, marker } = header;
    this.#transit.onIn(timestamp, performance.now());
    this.emit('packet', { sequenceNumber, timestamp, marker, payload });
  }

  #onReceiverRtcp(packet: RtcpPacket): void {
    if (packet instanceof RtcpSrPacket) {
      this.emit('sender-report', packet.senderInfo);
    }
  }

  /** Takes what the other side reports of the outgoing stream. The library reads it from receiver reports alone. */
  readReports(packet: RtcpSrPacket | RtcpRrPacket): void {
    const { sender } = this.#transceiver;
    if (!packet.reports.some(({ ssrc }) => ssrc === sender.ssrc)) return;
    if (packet instanceof RtcpSrPacket) sender.handleRtcpPacket(packet);
    const report = sender.collectStats(0).find(({ type }) => type === 'remote-inbound-rtp');
    const seconds = (report as { roundTripTime?: number } | undefined)?.roundTripTime;
    if (seconds !== undefined) this.#roundTripTime = Math.max(0, seconds * 1000);
  }
}

/** Gives the transceiver an outgoing track in the MediaStream of that name, so that its section is answered `sendrecv`. */
export async function openReturnPath(transceiver: RTCRtpTransceiver, stream: string): Promise<void> {
  transceiver.direction = 'sendrecv';
  transceiver.sender.streamIds = [stream];
  await transceiver.sender.replaceTrack(new MediaStreamTrack({ kind: transceiver.kind }));
}
