import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyBudget } from '../../../peer/pipeline/latency-budget.ts';

const BUDGET_MS = 100;

/** Results whose latency follows the share that is looked at. */
function run(budget: LatencyBudget, results: number, latencyOf: (share: number) => number): void {
  for (let result = 0; result < results; result++) budget.push(latencyOf(budget.share), BUDGET_MS);
}

describe('LatencyBudget', () => {
  it('lowers the share while results come late, until they come in time', () => {
    const budget = new LatencyBudget();
    run(budget, 100, (share) => 200 * share);
    expect(200 * budget.share).toBeLessThanOrEqual(BUDGET_MS * 1.2);
    expect(budget.share).toBeGreaterThan(0.3);
  });

  it('raises the share again once results come in time', () => {
    const budget = new LatencyBudget();
    run(budget, 30, () => 150);
    expect(budget.share).toBe(0.1);
    run(budget, 300, () => 50);
    expect(budget.share).toBe(1);
  });

  it('takes a late result now and then for an accident', () => {
    const budget = new LatencyBudget();
    let count = 0;
    run(budget, 200, () => (count++ % 8 === 0 ? 500 : 50));
    expect(budget.share).toBe(1);
  });

  it('forgets what it lowered when there is no budget any more', () => {
    const budget = new LatencyBudget();
    run(budget, 30, () => 150);
    budget.push(150, undefined);
    expect(budget.share).toBe(1);
  });

  it('keeps the share between a tenth and all, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 })), (latencies) => {
        const budget = new LatencyBudget();
        for (const latency of latencies) {
          budget.push(latency, BUDGET_MS);
          if (!(budget.share >= 0.1 && budget.share <= 1)) return false;
        }
        return true;
      }),
    );
  });
});
