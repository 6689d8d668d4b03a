import { type MediaStreamTrack, type RTCRtpTransceiver, type RtcpPacket, RtcpSrPacket } from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import type { SenderReportClock } from '../rtp/clock-mapper.ts';
import { OutgoingClock } from '../rtp/outgoing-clock.ts';

/** What the timestamps of a stream are at a moment, by the clock of whoever captured it. */
export interface ReportClock {
  /** As {@link OutgoingClock.at}. */
  at(nowMs: number, unixMs: number): SenderReportClock | undefined;
}

/** The clock of a stream that comes in, for those that its packets are sent on to. */
export class RelayedClock implements ReportClock {
  readonly #clock: OutgoingClock;
  readonly #track: MediaStreamTrack;
  readonly #subscriptions: { unSubscribe: () => void }[];
  readonly #waiting = new Set<() => void>();

  constructor(track: MediaStreamTrack, { receiver, kind }: RTCRtpTransceiver, log: Logger) {
    this.#track = track;
    this.#clock = new OutgoingClock({ clockRate: kind === 'audio' ? 48_000 : 90_000 });
    const guard = guarded(log);
    this.#subscriptions = [
      receiver.onRtcp.subscribe(guard((packet) => this.#onRtcp(packet))),
      track.onReceiveRtp.subscribe(
        guard(({ header }) => this.#clock.onPacket(header.timestamp, performance.now())),
      ),
    ];
  }

  at(nowMs: number, unixMs: number): SenderReportClock | undefined {
    return this.#clock.at(nowMs, unixMs);
  }

  /** Tells of the reports that come in. @returns ends it */
  onReport(listener: () => void): () => void {
    this.#waiting.add(listener);
    return () => this.#waiting.delete(listener);
  }

  #onRtcp(packet: RtcpPacket): void {
    if (!(packet instanceof RtcpSrPacket) || packet.ssrc !== this.#track.ssrc) return;
    this.#clock.onSenderReport(packet.senderInfo, performance.now());
    for (const listener of this.#waiting) listener();
  }

  /** Idempotent. */
  close(): void {
    this.#waiting.clear();
    for (const { unSubscribe } of this.#subscriptions.splice(0)) unSubscribe();
  }
}
