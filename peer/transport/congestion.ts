import {
  ReceiverEstimatedMaxBitrate,
  type RTCDtlsTransport,
  type RTCPeerConnection,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  type RtcpReceiverInfo,
  RtcpRrPacket,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  TransportWideCC,
} from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { BandwidthEstimator } from '../rtp/congestion/bandwidth-estimator.ts';
import type { BitrateEstimate } from '../rtp/congestion/bitrate-estimate.ts';
import { FeedbackWatch } from '../rtp/congestion/feedback-watch.ts';
import { parseTransportFeedback } from '../rtp/congestion/parse-transport-feedback.ts';
import { RembEstimator } from '../rtp/congestion/remb-estimator.ts';
import { ArrivalReporter } from './arrival-reporter.ts';
import type { OutgoingTrack } from './outgoing-track.ts';
import { PacedSender } from './paced-sender.ts';
import type { VideoTrack } from './video-track.ts';

const TICK_MS = 50;
/** After so long without pictures nothing is known of the way any more. */
const MEASURED_MS = 2000;
/** Bytes of the headers of RTCP and of the SSRCs, before what transport feedback is about. */
const FEEDBACK_HEADER_BYTES = 12;

export interface CongestionOptions {
  readonly pc: RTCPeerConnection;
  readonly tracks: readonly OutgoingTrack[];
  /** What comes in and is reported on. */
  readonly incoming: readonly VideoTrack[];
  /** Bits a second that all outgoing tracks together may take. */
  readonly maxBitrate: number;
  /** What is sent before anything is known of the way; 1 Mbit/s when left out. */
  readonly startBitrate?: number;
  /** Told when media goes out and no report comes back, and when one does again. */
  readonly onFeedbackMissing: (missing: boolean) => void;
  readonly log: Logger;
}

/**
 * Congestion control of one connection. Up: reports when packets arrived. Down: learns from the reports of the other
 * side, or from its REMB and losses where it makes none, how much the way carries; packets leave through a pacer.
 */
export class Congestion {
  readonly #tracks: readonly OutgoingTrack[];
  readonly #estimate: BitrateEstimate;
  readonly #sender: PacedSender;
  readonly #reporter: ArrivalReporter | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #subscription: { unSubscribe: () => void };
  readonly #feedback = new FeedbackWatch();
  readonly #onFeedbackMissing: (missing: boolean) => void;
  #feedbackMissing = false;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor({ pc, tracks, incoming, maxBitrate, startBitrate, onFeedbackMissing, log }: CongestionOptions) {
    const [transport] = pc.dtlsTransports;
    if (transport === undefined)
      throw new Error('Cannot control congestion: expected a DTLS transport, found none');
    const numbered = tracks.some(({ choice }) => choice.transportFeedback);
    this.#tracks = tracks;
    this.#onFeedbackMissing = onFeedbackMissing;
    const bounds = { max: maxBitrate, ...(startBitrate !== undefined && { start: startBitrate }) };
    this.#estimate = numbered ? new BandwidthEstimator(bounds) : new RembEstimator(bounds);
    this.#reporter =
      numbered && incoming.length > 0 ? new ArrivalReporter(pc, transport, incoming, log) : undefined;
    this.#sender = new PacedSender({
      targetBitrate: this.#estimate.targetBitrate,
      onSent: (size) => this.#onSent(transport, size),
    });
    const guard = guarded(log);
    this.#subscription = transport.onRtcp.subscribe(guard((packet) => this.#onRtcp(packet)));
    this.#timer = setInterval(
      guard(() => this.#tick()),
      TICK_MS,
    );
    for (const track of tracks) track.sendThrough(this.#sender);
  }

  /** Bits a second that the way back is believed to carry. */
  get targetBitrate(): number {
    return this.#estimate.targetBitrate;
  }

  /** The same, while pictures go out that it is measured with. */
  get measuredBitrate(): number | undefined {
    return performance.now() - this.#sentAt < MEASURED_MS ? this.targetBitrate : undefined;
  }

  /** Whether media goes out and nobody reports on it; the target falls to its floor meanwhile. */
  get feedbackMissing(): boolean {
    return this.#feedbackMissing;
  }

  /** Whether packets wait to be sent for so long that making more of them is useless. */
  get overflowing(): boolean {
    return this.#sender.overflowing;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#subscription.unSubscribe();
    this.#reporter?.close();
    this.#sender.close();
  }

  #onSent(transport: RTCDtlsTransport, size: number): void {
    this.#sentAt = performance.now();
    this.#feedback.onSent(this.#sentAt);
    if (this.#estimate instanceof BandwidthEstimator) {
      this.#estimate.onSent(transport.transportSequenceNumber, size, performance.now());
    }
  }

  #onRtcp(packet: RtcpPacket): void {
    const now = performance.now();
    if (this.#reportsOnUs(packet)) this.#feedback.onFeedback();
    if (this.#estimate instanceof BandwidthEstimator) readFeedback(packet, this.#estimate, now);
    if (this.#estimate instanceof BandwidthEstimator && this.#estimate.takeResumed()) {
      for (const track of this.#tracks) track.emit('keyframe-requested');
    }
    if (this.#estimate instanceof RembEstimator) this.#readRemb(packet, this.#estimate, now);
    this.#follow();
  }

  #readRemb(packet: RtcpPacket, estimate: RembEstimator, now: number): void {
    if (
      packet instanceof RtcpPayloadSpecificFeedback &&
      packet.feedback instanceof ReceiverEstimatedMaxBitrate
    ) {
      estimate.onRemb(Number(packet.feedback.bitrate), now);
    }
    if (!(packet instanceof RtcpSrPacket || packet instanceof RtcpRrPacket)) return;
    for (const { fractionLost } of this.#reportsOn(packet))
      estimate.onReceiverReport(fractionLost / 256, now);
  }

  #reportsOnUs(packet: RtcpPacket): boolean {
    if (packet instanceof RtcpSrPacket || packet instanceof RtcpRrPacket)
      return this.#reportsOn(packet).length > 0;
    if (packet instanceof RtcpTransportLayerFeedback) return packet.feedback instanceof TransportWideCC;
    return (
      packet instanceof RtcpPayloadSpecificFeedback && packet.feedback instanceof ReceiverEstimatedMaxBitrate
    );
  }

  #reportsOn({ reports }: RtcpSrPacket | RtcpRrPacket): RtcpReceiverInfo[] {
    return reports.filter(({ ssrc }) => this.#tracks.some((track) => track.ssrc === ssrc));
  }

  #tick(): void {
    const now = performance.now();
    this.#watchFeedback(now);
    this.#reporter?.tick(now);
    const [track] = this.#tracks;
    if (this.#estimate instanceof BandwidthEstimator && track?.roundTripTime !== undefined) {
      this.#estimate.onRoundTrip(track.roundTripTime);
    }
    this.#estimate.tick(now);
    this.#follow();
  }

  #watchFeedback(now: number): void {
    const missing = this.#feedback.missing(now);
    if (missing === this.#feedbackMissing) return;
    this.#feedbackMissing = missing;
    this.#onFeedbackMissing(missing);
  }

  #follow(): void {
    this.#sender.follow(this.#estimate.targetBitrate, this.#estimate.congested);
  }
}

function readFeedback(packet: RtcpPacket, estimate: BandwidthEstimator, now: number): void {
  if (!(packet instanceof RtcpTransportLayerFeedback && packet.feedback instanceof TransportWideCC)) return;
  const feedback = parseTransportFeedback(packet.feedback.serialize().subarray(FEEDBACK_HEADER_BYTES));
  if (feedback) estimate.onFeedback(feedback, now);
}
