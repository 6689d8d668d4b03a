import {
  GenericNack,
  type MediaStreamTrack,
  PictureLossIndication,
  type RTCDtlsTransport,
  type RTCPeerConnection,
  type RTCRtpTransceiver,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  RtcpRrPacket,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  type RtpPacket,
} from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { MID_EXTENSION } from './header-extensions.ts';
import type { OutgoingTrack } from './outgoing-track.ts';

/** Streams of retransmissions that one section may have; each is remembered. */
const MAX_REPAIR_STREAMS = 4;

/**
 * Puts right what the library's own routing misses: it knows senders only by the SSRCs of the offer, which need not name
 * any (RFC 8829, section 5.2.1), looks for the target of a key-frame request under the SSRC of whoever asks, and takes
 * reception reports only from packets of their own, while a browser that sends puts them into its sender reports.
 */
export class PacketRouter {
  readonly #pc: RTCPeerConnection;
  readonly #tracks: readonly OutgoingTrack[];
  readonly #subscriptions: { unSubscribe: () => void }[] = [];
  #unroutable = 0;

  /** @param tracks those that go out */
  constructor(pc: RTCPeerConnection, tracks: readonly OutgoingTrack[], log: Logger) {
    this.#pc = pc;
    this.#tracks = tracks;
    const guard = guarded(log);
    for (const transport of pc.dtlsTransports) {
      this.#subscriptions.push(
        transport.onRtp.subscribe(guard((packet) => this.#onRtp(packet, transport))),
        transport.onRtcp.subscribe(guard((packet) => this.#onRtcp(packet))),
      );
    }
  }

  /** Packets that belong to no media section, or are of a payload type that was not negotiated; they were dropped. */
  get unroutable(): number {
    return this.#unroutable;
  }

  close(): void {
    for (const { unSubscribe } of this.#subscriptions.splice(0)) unSubscribe();
  }

  #onRtp(packet: RtpPacket, transport: RTCDtlsTransport): void {
    const { ssrc, payloadType } = packet.header;
    const receiver = this.#pc.getReceivers().find((candidate) => candidate.trackBySSRC[ssrc]);
    if (receiver || this.#isRetransmission(ssrc)) {
      if (!this.#negotiated(payloadType)) this.#unroutable++;
      return;
    }
    if (this.#bind(packet)) {
      this.#pc['router'].routeRtp(packet);
      return;
    }
    this.#unroutable++;
    // SRTP would remember each SSRC that it ever saw.
    delete transport.srtp['remoteContext']['srtpSSRCStates'][ssrc];
  }

  #negotiated(payloadType: number): boolean {
    return this.#pc
      .getTransceivers()
      .some(({ codecs }) => codecs.some((codec) => codec.payloadType === payloadType));
  }

  #isRetransmission(ssrc: number): boolean {
    return this.#pc.getReceivers().some((receiver) => receiver['ssrcByRtx'][ssrc] !== undefined);
  }

  /**
   * Gives a stream that the offer did not name to its media section: by MID where the packet says it, else by its
   * payload type where only one section has that (RFC 9143, section 9.2).
   */
  #bind({ header }: RtpPacket): boolean {
    const transceiver = this.#sectionOf(header);
    const codec = transceiver?.codecs.find(({ payloadType }) => payloadType === header.payloadType);
    if (!transceiver || !codec) return false;
    const { receiver } = transceiver;
    if (codec.name.toLowerCase() === 'rtx') {
      const primary = receiver.track.ssrc;
      if (primary === undefined || Object.keys(receiver['ssrcByRtx']).length >= MAX_REPAIR_STREAMS)
        return false;
      receiver['ssrcByRtx'][header.ssrc] = primary;
    } else if (!claim(receiver.track, header.ssrc)) {
      return false;
    } else {
      receiver.trackBySSRC[header.ssrc] = receiver.track;
    }
    this.#pc['router'].registerRtpReceiver(receiver, header.ssrc);
    return true;
  }

  #sectionOf(header: RtpPacket['header']): RTCRtpTransceiver | undefined {
    const mid = header.extensions
      .find(({ id }) => this.#pc.extIdUriMap[id] === MID_EXTENSION)
      ?.payload.toString();
    const all = this.#pc.getTransceivers();
    if (mid !== undefined) return all.find((transceiver) => transceiver.mid === mid);
    const fitting = all.filter(({ codecs }) =>
      codecs.some(({ payloadType }) => payloadType === header.payloadType),
    );
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  #onRtcp(packet: RtcpPacket): void {
    if (packet instanceof RtcpPayloadSpecificFeedback) this.#onFeedback(packet.feedback);
    if (packet instanceof RtcpSrPacket || packet instanceof RtcpRrPacket) {
      for (const track of this.#tracks) track.readReports(packet);
    }
    if (packet instanceof RtcpTransportLayerFeedback && packet.feedback instanceof GenericNack) {
      const { mediaSourceSsrc, lost } = packet.feedback;
      this.#tracks.find(({ ssrc }) => ssrc === mediaSourceSsrc)?.resend(lost);
    }
  }

  #onFeedback(feedback: RtcpPayloadSpecificFeedback['feedback'] | undefined): void {
    if (feedback === undefined) return;
    const asked = 'fir' in feedback ? feedback.fir.map(({ ssrc }) => ssrc) : [feedback.mediaSsrc];
    if (!('fir' in feedback) && feedback.count !== PictureLossIndication.count) return;
    for (const track of this.#tracks) if (asked.includes(track.ssrc)) track.emit('keyframe-requested');
  }
}

/** A section has one stream: the first that comes, unless the offer named one. */
function claim(track: MediaStreamTrack, ssrc: number): boolean {
  if (track.ssrc !== undefined) return false;
  track.ssrc = ssrc;
  return true;
}
