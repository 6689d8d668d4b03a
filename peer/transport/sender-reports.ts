import {
  type RTCRtpTransceiver,
  RtcpSenderInfo,
  RtcpSourceDescriptionPacket,
  RtcpSrPacket,
  SourceDescriptionChunk,
  SourceDescriptionItem,
} from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { compactNtp } from '../rtp/ntp.ts';
import type { ReportClock } from './relayed-clock.ts';

/** A report a second, spread so that streams do not report in step (RFC 3550, section 6.2). */
const INTERVAL_MS = 1000;
const CNAME = 1;

/**
 * Sends the sender reports of a stream that goes out with the timestamps it came with. The library's own would bear
 * the time at which a packet left us, which is later for pictures than for sound, and a fraction of the second that
 * is wrong by up to the whole of it.
 */
export class SenderReports {
  readonly #transceiver: RTCRtpTransceiver;
  readonly #clock: ReportClock;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #reported = false;
  #closed = false;

  constructor(transceiver: RTCRtpTransceiver, clock: ReportClock, log: Logger) {
    this.#transceiver = transceiver;
    this.#clock = clock;
    this.#log = log;
    // The library starts its own reports with the first packet unless they are under way.
    transceiver.sender.rtcpRunning = true;
    this.#schedule();
  }

  /** A receiver needs two reports of each stream before it aligns them: the first goes out once the clock is known. */
  onClockKnown(): void {
    if (!this.#reported) this.#report();
  }

  #schedule(): void {
    const spread = INTERVAL_MS * (0.5 + Math.random());
    this.#timer = setTimeout(
      guarded(this.#log)(() => {
        this.#report();
        this.#schedule();
      }),
      spread,
    );
  }

  #report(): void {
    const { sender } = this.#transceiver;
    const reading = this.#clock.at(performance.now(), performance.timeOrigin + performance.now());
    if (this.#closed || reading === undefined || sender['packetCount'] === 0) return;
    if (sender.dtlsTransport?.state !== 'connected') return;
    const senderInfo = new RtcpSenderInfo({
      ...reading,
      packetCount: sender['packetCount'],
      octetCount: sender['octetCount'],
    });
    // From these two the library tells the round-trip time when the other side reports back.
    sender['lastSRtimestamp'] = compactNtp(reading.ntpTimestamp);
    sender['lastSentSRTimestamp'] = Date.now() / 1000;
    this.#reported = true;
    sender.dtlsTransport
      .sendRtcp([new RtcpSrPacket({ ssrc: sender.ssrc, senderInfo }), this.#description()])
      .catch((error: unknown) => this.#log.debug({ error }, 'Sender report not sent'));
  }

  /** The name that all streams of this side have in common (RFC 3550, section 6.5.1). */
  #description(): RtcpSourceDescriptionPacket {
    const { sender } = this.#transceiver;
    const item = new SourceDescriptionItem({ type: CNAME, text: sender['cname'] ?? '' });
    return new RtcpSourceDescriptionPacket({
      chunks: [new SourceDescriptionChunk({ source: sender.ssrc, items: [item] })],
    });
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
