import { describe, expect, it } from 'vitest';
import { ClockMapper } from '../../../peer/rtp/clock-mapper.ts';
import { ntpFromUnixMs } from '../../../peer/rtp/ntp.ts';
import { OutgoingClock } from '../../../peer/rtp/outgoing-clock.ts';

const NOON = Date.UTC(2026, 10, 5, 12);
/** Far from the caller's own time of day: senders' clocks need not show it. */
const THEIR_NOON = NOON - 86_400_000;

/** When the sender captured a timestamp, as a receiver of our report reads it. */
function captured(
  clock: OutgoingClock,
  { nowMs, clockRate, timestamp }: { nowMs: number; clockRate: number; timestamp: number },
) {
  const reading = clock.at(nowMs, NOON + nowMs);
  if (reading === undefined) return undefined;
  const mapper = new ClockMapper({ clockRate });
  mapper.onSenderReport(reading);
  return mapper.toUnixMs(timestamp);
}

describe('OutgoingClock', () => {
  it('at() knows nothing before a report or a packet', () => {
    expect(new OutgoingClock({ clockRate: 90_000 }).at(0, NOON)).toBeUndefined();
  });

  it.each([0, 1, 733, 5000, 60_000])("at() keeps the sender's clock %i ms after its report", (later) => {
    const clock = new OutgoingClock({ clockRate: 90_000 });
    clock.onSenderReport({ ntpTimestamp: ntpFromUnixMs(THEIR_NOON), rtpTimestamp: 0xffff_ff00 }, 40);
    const nowMs = 40 + later;
    expect(captured(clock, { nowMs, clockRate: 90_000, timestamp: 0xffff_ff00 })).toBeCloseTo(THEIR_NOON, 1);
  });

  it('at() puts sound and picture on one clock, whenever their reports came', () => {
    const sound = new OutgoingClock({ clockRate: 48_000 });
    const picture = new OutgoingClock({ clockRate: 90_000 });
    sound.onSenderReport({ ntpTimestamp: ntpFromUnixMs(THEIR_NOON), rtpTimestamp: 48_000 }, 30);
    picture.onSenderReport({ ntpTimestamp: ntpFromUnixMs(THEIR_NOON + 2000), rtpTimestamp: 900_000 }, 2150);
    expect(captured(sound, { nowMs: 5000, clockRate: 48_000, timestamp: 48_000 * 4 })).toBeCloseTo(
      captured(picture, { nowMs: 6000, clockRate: 90_000, timestamp: 990_000 }) ?? 0,
      1,
    );
  });

  it('at() goes by the newest report', () => {
    const clock = new OutgoingClock({ clockRate: 48_000 });
    clock.onSenderReport({ ntpTimestamp: ntpFromUnixMs(THEIR_NOON), rtpTimestamp: 0 }, 0);
    clock.onSenderReport({ ntpTimestamp: ntpFromUnixMs(THEIR_NOON + 5000), rtpTimestamp: 240_480 }, 5000);
    expect(captured(clock, { nowMs: 6000, clockRate: 48_000, timestamp: 240_480 })).toBeCloseTo(
      THEIR_NOON + 5000,
      1,
    );
  });

  it('at() waits for a report, then goes by the arrival of packets', () => {
    const clock = new OutgoingClock({ clockRate: 48_000, graceMs: 10_000 });
    for (let ms = 0; ms <= 10_000; ms += 20) clock.onPacket(ms * 48, ms);
    expect(clock.at(9999, NOON + 9999)).toBeUndefined();
    expect(captured(clock, { nowMs: 10_500, clockRate: 48_000, timestamp: 480_000 })).toBeCloseTo(
      NOON + 10_000,
      1,
    );
  });

  it('at() takes no packet for new that was sent again', () => {
    const clock = new OutgoingClock({ clockRate: 90_000, graceMs: 0 });
    clock.onPacket(2999, 1000);
    clock.onPacket(0xffff_ffff, 1070);
    expect(captured(clock, { nowMs: 1070, clockRate: 90_000, timestamp: 2999 })).toBeCloseTo(NOON + 1000, 1);
  });

  it('at() follows a stream that began anew', () => {
    const clock = new OutgoingClock({ clockRate: 90_000, graceMs: 0 });
    clock.onPacket(2_000_000_000, 1000);
    clock.onPacket(5000, 2000);
    expect(captured(clock, { nowMs: 2000, clockRate: 90_000, timestamp: 5000 })).toBeCloseTo(NOON + 2000, 1);
  });

  it('a report ends the stand-in', () => {
    const clock = new OutgoingClock({ clockRate: 90_000, graceMs: 0 });
    clock.onPacket(0, 0);
    clock.onSenderReport({ ntpTimestamp: ntpFromUnixMs(THEIR_NOON), rtpTimestamp: 0 }, 5);
    clock.onPacket(90_000, 1000);
    expect(captured(clock, { nowMs: 1000, clockRate: 90_000, timestamp: 0 })).toBeCloseTo(THEIR_NOON, 1);
  });
});
