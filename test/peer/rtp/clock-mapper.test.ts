import { describe, expect, it } from 'vitest';
import { ClockMapper } from '../../../peer/rtp/clock-mapper.ts';

/** An NTP timestamp of this Unix time, by the definition of RFC 5905: a 1900 epoch and 32 bits of fraction. */
function ntp(unixMs: number): bigint {
  const seconds = BigInt(Math.floor(unixMs / 1000)) + 2_208_988_800n;
  return ((seconds & 0xffff_ffffn) << 32n) | ((BigInt(unixMs % 1000) << 32n) / 1000n);
}

const NOON = Date.UTC(2026, 10, 5, 12) + 250;

describe('ClockMapper', () => {
  it('toUnixMs() knows nothing before the first report', () => {
    expect(new ClockMapper().toUnixMs(0)).toBeUndefined();
  });

  it.each([
    ['the moment of the report', 1_000_000, 1_000_000, 0],
    ['a second later', 1_000_000, 1_090_000, 1000],
    ['a frame earlier', 1_000_000, 997_000, -1000 / 30],
    ['across the wrap, later', 0xffff_fff0, 8984, 100],
    ['across the wrap, earlier', 16, 0xffff_ffff - 8983, -100],
  ])('toUnixMs() maps %s', (_, reported, asked, offsetMs) => {
    const mapper = new ClockMapper();
    mapper.onSenderReport({ ntpTimestamp: ntp(NOON), rtpTimestamp: reported });
    expect(mapper.toUnixMs(asked)).toBeCloseTo(NOON + offsetMs, 2);
  });

  it('toUnixMs() goes by the newest report', () => {
    const mapper = new ClockMapper();
    mapper.onSenderReport({ ntpTimestamp: ntp(NOON), rtpTimestamp: 0 });
    mapper.onSenderReport({ ntpTimestamp: ntp(NOON + 5000), rtpTimestamp: 450_900 });
    expect(mapper.toUnixMs(450_900)).toBeCloseTo(NOON + 5000, 2);
  });

  it('toUnixMs() counts in the clock rate of the stream', () => {
    const mapper = new ClockMapper({ clockRate: 48_000 });
    mapper.onSenderReport({ ntpTimestamp: ntp(NOON), rtpTimestamp: 0 });
    expect(mapper.toUnixMs(48_000)).toBeCloseTo(NOON + 1000, 2);
  });

  it('toUnixMs() goes on when NTP seconds wrap in 2036', () => {
    const later = Date.UTC(2040, 0, 1);
    const mapper = new ClockMapper();
    mapper.onSenderReport({ ntpTimestamp: ntp(later), rtpTimestamp: 0 });
    expect(mapper.toUnixMs(0)).toBeCloseTo(later, 2);
  });
});
