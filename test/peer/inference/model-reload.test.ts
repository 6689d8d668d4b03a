import { describe, expect, it } from 'vitest';
import { ModelReload } from '../../../peer/inference/model-reload.ts';
import { ManualClock } from './manual-clock.ts';

function setUp() {
  const clock = new ManualClock();
  const triedAt: number[] = [];
  const state = { fails: true };
  const reload = new ModelReload({
    clock,
    reload: async () => {
      triedAt.push(clock.now() / 1000);
      await Promise.resolve();
      if (state.fails) throw new Error('Not yet');
    },
  });
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) await clock.advance(1000);
  };
  return { clock, reload, triedAt, state, pass };
}

describe('ModelReload', () => {
  it('tries after 5 s, and waits twice as long after each try that fails, up to a minute', async () => {
    const { reload, triedAt, pass } = setUp();
    reload.lost();
    await pass(220);
    expect(triedAt).toEqual([5, 15, 35, 75, 135, 195]);
  });

  it('tries once for all models that are lost meanwhile, and no more once it went well', async () => {
    const { clock, reload, triedAt, state, pass } = setUp();
    reload.lost();
    reload.lost();
    state.fails = false;
    await pass(60);
    expect(triedAt).toEqual([5]);
    expect(clock.armed).toBe(0);
  });

  it('waits longer for a model that is lost again at once, and not for one that lasted', async () => {
    const { reload, triedAt, state, pass } = setUp();
    state.fails = false;
    reload.lost();
    await pass(5);
    reload.lost();
    await pass(10);
    expect(triedAt).toEqual([5, 15]);
    await pass(700);
    reload.lost();
    await pass(5);
    expect(triedAt).toEqual([5, 15, 720]);
  });

  it('leaves no timer when it is closed, and tries no more', async () => {
    const { clock, reload, triedAt, pass } = setUp();
    reload.lost();
    reload.close();
    reload.lost();
    expect(clock.armed).toBe(0);
    await pass(10);
    expect(triedAt).toEqual([]);
  });
});
