import { describe, expect, it } from 'vitest';
import { RestartBudget } from '../../../peer/inference/restart-budget.ts';

describe('RestartBudget.spend()', () => {
  it('allows five restarts within a minute, each after a longer wait, and no sixth', () => {
    const budget = new RestartBudget();
    const waits = Array.from({ length: 6 }, (_, index) => budget.spend(index * 1000));
    expect(waits).toEqual([0, 100, 200, 400, 800, undefined]);
  });

  it('forgets restarts that are a minute old', () => {
    const budget = new RestartBudget();
    for (let index = 0; index < 5; index++) budget.spend(0);
    expect(budget.spend(59_999)).toBeUndefined();
    expect(budget.spend(60_000)).toBe(0);
  });
});
