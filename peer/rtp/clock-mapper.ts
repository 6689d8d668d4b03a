import { timestampDistance } from './sequence.ts';

/** The two readings of one moment in an RTCP sender report (RFC 3550, section 6.4.1). */
export interface SenderReportClock {
  /** 64-bit NTP timestamp: seconds since 1900 in the high half, fractions of 2⁻³² s in the low half. */
  readonly ntpTimestamp: bigint;
  /** The same moment on the clock of the stream, 32 bits. */
  readonly rtpTimestamp: number;
}

/** Seconds from 1900 to 1970. */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;
/** NTP seconds wrap in 2036; a first half of the range belongs to the time after (RFC 4330, section 3). */
const NTP_ERA_SECONDS = 2 ** 32;

/**
 * Maps RTP timestamps of one stream to the sender's wall clock, by its newest sender report. A sender's clock need not
 * be right, nor show the time of day at all: compare the result with your own before you show it.
 */
export class ClockMapper {
  readonly #clockRate: number;
  #unixMs = 0;
  #rtpTimestamp: number | undefined;

  /** `clockRate` in ticks a second: 90 kHz for video, 48 kHz for Opus. */
  constructor({ clockRate = 90_000 }: { clockRate?: number } = {}) {
    this.#clockRate = clockRate;
  }

  onSenderReport({ ntpTimestamp, rtpTimestamp }: SenderReportClock): void {
    this.#unixMs = ntpToUnixMs(ntpTimestamp);
    this.#rtpTimestamp = rtpTimestamp;
  }

  /** Milliseconds since the Unix epoch, with fractions; `undefined` before the first report. */
  toUnixMs(rtpTimestamp: number): number | undefined {
    if (this.#rtpTimestamp === undefined) return undefined;
    return this.#unixMs + (timestampDistance(this.#rtpTimestamp, rtpTimestamp) * 1000) / this.#clockRate;
  }
}

function ntpToUnixMs(ntpTimestamp: bigint): number {
  const seconds = Number(ntpTimestamp >> 32n);
  const fraction = Number(ntpTimestamp & 0xffff_ffffn) / 2 ** 32;
  const era = seconds < NTP_ERA_SECONDS / 2 ? NTP_ERA_SECONDS : 0;
  return (seconds + era - NTP_TO_UNIX_SECONDS + fraction) * 1000;
}
