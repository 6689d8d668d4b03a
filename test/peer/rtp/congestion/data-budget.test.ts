import { describe, expect, it } from 'vitest';
import { DataBudget } from '../../../../peer/rtp/congestion/data-budget.ts';

/** Messages of 700 bytes, 25 a second, for so many seconds. @returns bits a second that went through */
function offered(bitrate: number, seconds: number): { bits: number; sent: number } {
  const budget = new DataBudget();
  let sent = 0;
  for (let ms = 0; ms < seconds * 1000; ms += 40) if (budget.spend(700, bitrate, ms)) sent += 1;
  return { bits: (sent * 700 * 8) / seconds, sent: sent / seconds };
}

describe('DataBudget', () => {
  it('lets everything through where the way is wide', () => {
    expect(offered(1_000_000, 20).sent).toBe(25);
  });

  it('keeps messages to a fifth of a narrow way, headers counted', () => {
    const { bits, sent } = offered(300_000, 60);
    expect(bits).toBeLessThan(0.2 * 300_000);
    expect(sent).toBeGreaterThan(8);
  });

  it('lets a message through now and then however narrow the way is', () => {
    expect(offered(30_000, 60).sent).toBeGreaterThan(0.8);
  });
});
