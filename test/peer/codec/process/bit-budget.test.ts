import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitBudget } from '../../../../peer/codec/process/bit-budget.ts';

describe('BitBudget', () => {
  it('has room again once the time has caught up with what was spent', () => {
    const budget = new BitBudget();
    expect(budget.hasRoom(0, 80_000)).toBe(true);
    budget.spend(15_000);
    // 120,000 bits are a second and a half of the rate, of which half a second may be ahead.
    expect(budget.hasRoom(45_000, 80_000)).toBe(false);
    expect(budget.hasRoom(90_000, 80_000)).toBe(true);
  });

  it('goes on over the wrap of the timestamps, and takes one that goes back for no time', () => {
    const budget = new BitBudget();
    budget.hasRoom(0xffff_ffff, 80_000);
    budget.spend(10_000);
    expect(budget.hasRoom(0xffff_0000, 80_000)).toBe(false);
    expect(budget.hasRoom(90_000, 80_000)).toBe(true);
  });

  it('lets no more through than the rate, half a second and one frame', () => {
    const frames = fc.array(fc.record({ ticks: fc.integer({ min: 1, max: 9000 }), bytes: fc.nat(40_000) }));
    fc.assert(
      fc.property(frames, (film) => {
        const budget = new BitBudget();
        let [time, bits] = [0, 0];
        for (const { ticks, bytes } of film) {
          time += ticks;
          if (!budget.hasRoom(time, 300_000)) continue;
          budget.spend(bytes);
          bits += bytes * 8;
        }
        expect(bits).toBeLessThanOrEqual((time / 90_000 + 0.5) * 300_000 + 40_000 * 8);
      }),
    );
  });
});
