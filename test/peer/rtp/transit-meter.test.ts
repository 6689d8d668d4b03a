import { describe, expect, it } from 'vitest';
import { TransitMeter } from '../../../peer/rtp/transit-meter.ts';

describe('TransitMeter', () => {
  it('onOut() counts from the last packet of the frame, once', () => {
    const meter = new TransitMeter();
    meter.onIn(9000, 100);
    meter.onIn(9000, 103);
    expect(meter.onOut(9000, 115)).toBe(12);
    expect(meter.onOut(9000, 116)).toBeUndefined();
  });

  it('onOut() tells frames apart that are under way together', () => {
    const meter = new TransitMeter();
    meter.onIn(0xffff_ffff, 100);
    meter.onIn(2999, 133);
    expect(meter.onOut(2999, 140)).toBe(7);
    expect(meter.onOut(0xffff_ffff, 141)).toBe(41);
  });

  it('forgets frames that never go out', () => {
    const meter = new TransitMeter();
    for (let frame = 0; frame <= 128; frame++) meter.onIn(frame * 3000, frame);
    expect(meter.onOut(0, 200)).toBeUndefined();
    expect(meter.onOut(3000, 200)).toBe(199);
  });
});
