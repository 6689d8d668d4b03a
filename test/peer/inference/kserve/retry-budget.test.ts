import { expect, it } from 'vitest';
import { RetryBudget } from '../../../../peer/inference/kserve/retry-budget.ts';

it('RetryBudget allows ten retries at once, and then one for ten runs', () => {
  const budget = new RetryBudget();
  const spend = () => Array.from({ length: 20 }, () => budget.spend()).filter(Boolean).length;
  for (let run = 0; run < 100; run++) budget.earn();
  expect(spend()).toBe(10);
  for (let run = 0; run < 35; run++) budget.earn();
  expect(spend()).toBe(3);
});
