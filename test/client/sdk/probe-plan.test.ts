import { describe, expect, it } from 'vitest';
import { ProbePlan } from '../../../client/sdk/probe-plan.ts';

/** What is asked for over so many seconds at one estimate, and when. */
function asked(plan: ProbePlan, available: number, from: number, seconds: number) {
  return Array.from({ length: seconds }, (_, i) => from + i).flatMap((second) => {
    const probe = plan.update(available, true, second * 1000);
    return probe ? [{ second, ...probe }] : [];
  });
}

describe('ProbePlan', () => {
  it('asks for nothing while the way carries half of what it did', () => {
    const plan = new ProbePlan();
    const rates = [300_000, 900_000, 2_000_000, 1_100_000];
    expect(rates.map((rate, i) => plan.update(rate, true, i * 1000))).toEqual(Array(4).fill(undefined));
  });

  it('asks for twice what is carried, each time for another amount, and waits longer where that is in vain', () => {
    const plan = new ProbePlan();
    plan.update(2_000_000, true, 0);
    const probes = asked(plan, 200_000, 1, 40);
    expect(probes.map(({ second }) => second)).toEqual([1, 4, 10, 22, 34]);
    expect(probes.map(({ maxBitrate }) => maxBitrate)).toEqual([601_000, 600_000, 601_000, 600_000, 601_000]);
  });

  it('asks soon again after a probe that gained, and takes its limit away once the way is wide', () => {
    const plan = new ProbePlan();
    plan.update(2_000_000, true, 0);
    asked(plan, 200_000, 1, 15);
    expect(asked(plan, 400_000, 16, 4)).toEqual([
      { second: 16, maxBitrate: 800_000 },
      { second: 19, maxBitrate: 801_000 },
    ]);
    expect(plan.update(1_500_000, true, 20_000)).toEqual({ maxBitrate: null });
    expect(plan.update(1_500_000, true, 21_000)).toBeUndefined();
  });

  it('asks nothing of a way that loses packets, and takes its limit away there', () => {
    const plan = new ProbePlan();
    plan.update(2_000_000, true, 0);
    expect(plan.update(400_000, true, 1000)).toEqual({ maxBitrate: 801_000 });
    expect(plan.update(400_000, false, 2000)).toEqual({ maxBitrate: null });
    expect(plan.update(400_000, false, 9000)).toBeUndefined();
  });

  it('forgets what the way carried long ago', () => {
    const plan = new ProbePlan();
    plan.update(2_000_000, true, 0);
    expect(asked(plan, 400_000, 100, 100)).toEqual([]);
  });
});
