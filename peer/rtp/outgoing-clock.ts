import type { SenderReportClock } from './clock-mapper.ts';
import { ntpFromUnixMs, shiftNtp } from './ntp.ts';
import { timestampDistance } from './sequence.ts';

export interface OutgoingClockOptions {
  /** Ticks a second: 90 kHz for video, 48 kHz for Opus (RFC 7587, section 4.1). */
  readonly clockRate: number;
  /**
   * How long the other side's first report may take before its packets' arrival stands in for it. Browsers report on
   * sound after up to 7.5 s; a receiver that was told of two clocks in turn would be wrong for twenty reports.
   */
  readonly graceMs?: number;
}

/** A packet further behind the newest one is not late: the stream began anew. */
const LATE_SECONDS = 10;

/** A moment of the caller's clock, and what the timestamps of the stream were then. */
interface Reading {
  readonly atMs: number;
  readonly clock: SenderReportClock;
}

/**
 * What the sender reports of a stream say that is sent on with the timestamps it came with: they carry the clock of
 * whoever captured it on. All streams of one sender so stay on the one clock that it reports them on (RFC 3550,
 * section 6.4.1), and a receiver aligns sound and picture by the moment of capture, however long each took here.
 */
export class OutgoingClock {
  readonly #clockRate: number;
  readonly #graceMs: number;
  #reported: Reading | undefined;
  #firstPacketAt: number | undefined;
  #newestPacket: { readonly atMs: number; readonly rtpTimestamp: number } | undefined;

  constructor({ clockRate, graceMs = 10_000 }: OutgoingClockOptions) {
    this.#clockRate = clockRate;
    this.#graceMs = graceMs;
  }

  /** Takes a report of whoever sends the stream to us. */
  onSenderReport({ ntpTimestamp, rtpTimestamp }: SenderReportClock, nowMs: number): void {
    this.#reported = { atMs: nowMs, clock: { ntpTimestamp, rtpTimestamp } };
  }

  /** Takes the arrival of a packet. One that was sent again, or reordered, tells nothing of the clock. */
  onPacket(rtpTimestamp: number, nowMs: number): void {
    this.#firstPacketAt ??= nowMs;
    const behind = timestampDistance(rtpTimestamp, this.#newestPacket?.rtpTimestamp ?? rtpTimestamp - 1);
    if (behind >= 0 && behind < LATE_SECONDS * this.#clockRate) return;
    this.#newestPacket = { atMs: nowMs, rtpTimestamp };
  }

  /**
   * The two readings that a report sent now bears; `undefined` while the clock is not known.
   * @param unixMs the time of day, which stands in where the other side sends no reports
   */
  at(nowMs: number, unixMs: number): SenderReportClock | undefined {
    const { atMs, clock } = this.#reported ?? this.#byArrival(nowMs, unixMs) ?? {};
    if (atMs === undefined || clock === undefined) return undefined;
    const elapsedMs = nowMs - atMs;
    return {
      ntpTimestamp: shiftNtp(clock.ntpTimestamp, elapsedMs),
      rtpTimestamp: (clock.rtpTimestamp + Math.round((elapsedMs * this.#clockRate) / 1000)) >>> 0,
    };
  }

  #byArrival(nowMs: number, unixMs: number): Reading | undefined {
    const newest = this.#newestPacket;
    if (newest === undefined || nowMs - (this.#firstPacketAt ?? nowMs) < this.#graceMs) return undefined;
    const ntpTimestamp = ntpFromUnixMs(unixMs - (nowMs - newest.atMs));
    return { atMs: newest.atMs, clock: { ntpTimestamp, rtpTimestamp: newest.rtpTimestamp } };
  }
}
