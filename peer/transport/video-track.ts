import { EventEmitter } from 'node:events';
import {
  GenericNack,
  MediaStreamTrack,
  PictureLossIndication,
  ReceiverEstimatedMaxBitrate,
  type RTCRtpTransceiver,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  type RtpPacket,
} from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import type { SenderReportClock } from '../rtp/clock-mapper.ts';
import type { OutgoingPayload, RtpPacketView } from '../rtp/packet.ts';
import { toMantissaExponent } from '../rtp/remb.ts';
import { TransitMeter } from '../rtp/transit-meter.ts';
import { OutgoingTrack } from './outgoing-track.ts';
import type { ReportClock } from './relayed-clock.ts';
import type { VideoChoice } from './video-choice.ts';

export interface VideoTrackEvents {
  /** A packet of the negotiated codec; retransmissions come unwrapped. */
  packet: [packet: RtpPacketView];
  /** The other side asks for a key frame (RFC 4585 PLI or RFC 5104 FIR). */
  'keyframe-requested': [];
  'sender-report': [report: SenderReportClock];
  /** A frame begins to go out, so many milliseconds after it had come in. */
  delayed: [milliseconds: number];
}

export interface VideoTrackOptions {
  readonly choice: VideoChoice;
  readonly transceiver: RTCRtpTransceiver;
  /** What comes in. */
  readonly remote: MediaStreamTrack;
  readonly clock: ReportClock;
  readonly log: Logger;
}

/** One camera track and the annotated track that goes back in the same media section. */
export class VideoTrack extends EventEmitter<VideoTrackEvents> {
  readonly choice: VideoChoice;
  /** What goes back. */
  readonly outgoing: OutgoingTrack;
  /** That of the camera. */
  readonly clock: ReportClock;
  readonly #transceiver: RTCRtpTransceiver;
  readonly #remote: MediaStreamTrack;
  readonly #log: Logger;
  readonly #transit = new TransitMeter();

  constructor({ choice, transceiver, remote, clock, log }: VideoTrackOptions) {
    super();
    this.choice = choice;
    this.clock = clock;
    this.#transceiver = transceiver;
    this.#remote = remote;
    this.#log = log;
    this.outgoing = new OutgoingTrack(choice, transceiver, log, (timestamp, now) =>
      this.#onOut(timestamp, now),
    );
    this.outgoing.on('keyframe-requested', () => this.emit('keyframe-requested'));
    const guard = guarded(log);
    remote.onReceiveRtp.subscribe(guard((packet) => this.#onRtp(packet)));
    transceiver.receiver.onRtcp.subscribe(guard((packet) => this.#onReceiverRtcp(packet)));
  }

  /** Round-trip time in milliseconds as the receiver reports of the other side give it. */
  get roundTripTime(): number | undefined {
    return this.outgoing.roundTripTime;
  }

  /** Whether the other side takes a track back. */
  get sendsBack(): boolean {
    return this.outgoing.isTaken;
  }

  /**
   * Sends the packets of one frame of the outgoing stream.
   * @param timestamp RTP timestamp, 90 kHz, 32 bits
   */
  send(payloads: readonly OutgoingPayload[], timestamp: number): void {
    this.outgoing.send(payloads, timestamp);
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

  #onOut(timestamp: number, nowMs: number): void {
    const delay = this.#transit.onOut(timestamp, nowMs);
    if (delay !== undefined) this.emit('delayed', delay);
  }
}

/** Gives the transceiver an outgoing track in the MediaStream of that name, so that its section is answered with it. */
export async function openOutgoing(
  transceiver: RTCRtpTransceiver,
  direction: 'sendrecv' | 'sendonly',
  stream: string,
): Promise<void> {
  transceiver.direction = direction;
  transceiver.sender.streamIds = [stream];
  await transceiver.sender.replaceTrack(new MediaStreamTrack({ kind: transceiver.kind }));
}
