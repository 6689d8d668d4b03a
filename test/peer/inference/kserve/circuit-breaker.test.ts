import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../../../peer/inference/kserve/circuit-breaker.ts';

describe('CircuitBreaker', () => {
  it('opens at the second failure in a row, not at two with a success between', () => {
    const breaker = new CircuitBreaker();
    expect(breaker.failed()).toBeUndefined();
    breaker.succeeded();
    expect(breaker.failed()).toBeUndefined();
    expect(breaker.failed()).toBe(1000);
    expect(breaker.isOpen).toBe(true);
  });

  it('doubles the wait after each trial that fails, up to half a minute, until the server is trusted again', () => {
    const breaker = new CircuitBreaker();
    expect(Array.from({ length: 7 }, () => breaker.open())).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
    breaker.close();
    for (let run = 0; run < 49; run++) breaker.succeeded();
    expect([breaker.failed(), breaker.failed()]).toEqual([undefined, 30_000]);
    breaker.close();
    for (let run = 0; run < 50; run++) breaker.succeeded();
    expect([breaker.failed(), breaker.failed()]).toEqual([undefined, 1000]);
  });
});
