import { describe, expect, it } from 'vitest';
import { UplinkAllowance, type UplinkLoad } from '../../../../peer/rtp/congestion/uplink-allowance.ts';

const well: UplinkLoad = {
  decodeOverflows: 0,
  skippedShare: 0.05,
  eventLoopDelayP99: 8,
  resultAgeMs: 60,
  loss: 0.02,
  receivedBitrate: 1_500_000,
};

describe('UplinkAllowance', () => {
  it('update() allows everything while all is well', () => {
    const allowance = new UplinkAllowance({ max: 4_000_000 });
    expect([0, 1000, 2000].map((now) => allowance.update(well, now))).toEqual([
      4_000_000, 4_000_000, 4_000_000,
    ]);
  });

  it.each([
    ['the decoder overflows', { decodeOverflows: 1 }],
    ['frames are skipped', { skippedShare: 0.6 }],
    ['the event loop is late', { eventLoopDelayP99: 160 }],
    ['results are old', { resultAgeMs: 2500 }],
    ['packets are lost', { loss: 0.2 }],
  ])('update() allows less than arrives when %s', (_, trouble) => {
    const allowance = new UplinkAllowance({ max: 4_000_000 });
    expect(allowance.update({ ...well, ...trouble }, 0)).toBe(1_050_000);
  });

  it('update() falls every two seconds at most, down to the floor', () => {
    const allowance = new UplinkAllowance({ max: 4_000_000, min: 600_000 });
    const trouble = { ...well, decodeOverflows: 3 };
    const allowed = [0, 1000, 2000, 4000, 6000].map((now) => allowance.update(trouble, now));
    expect(allowed).toEqual([1_050_000, 1_050_000, 735_000, 600_000, 600_000]);
  });

  it('update() grows back by a tenth of the maximum a second after five calm seconds', () => {
    const allowance = new UplinkAllowance({ max: 4_000_000 });
    allowance.update({ ...well, skippedShare: 0.9 }, 0);
    const allowed = [1000, 4000, 5000, 6000, 20_000].map((now) => allowance.update(well, now));
    expect(allowed).toEqual([1_050_000, 1_050_000, 1_450_000, 1_850_000, 4_000_000]);
  });
});
