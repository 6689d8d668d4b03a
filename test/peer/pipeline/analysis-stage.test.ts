import { afterEach, describe, expect, it } from 'vitest';
import { NativeScaler } from '../../../peer/codec/native/scaler.ts';
import { NativeVideoFrame } from '../../../peer/codec/native/video-frame.ts';
import { Scheduler } from '../../../peer/inference/scheduler.ts';
import type { SharedInput } from '../../../peer/inference/shared-input.ts';
import { AnalysisStage } from '../../../peer/pipeline/analysis-stage.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { FakeRunner } from '../inference/fake-runner.ts';
import { ManualClock } from '../inference/manual-clock.ts';

const person = { label: 'person', classId: 0, score: 0.9, box: { x: 0, y: 0, width: 1, height: 1 } };
const record = { timestamp: 0, arrivedAt: 0, decodedAt: 0, encodeMs: undefined };

describe('AnalysisStage', () => {
  const stages: AnalysisStage[] = [];
  afterEach(() => Promise.all(stages.splice(0).map((stage) => stage.close())));

  function setUp() {
    const runner = new FakeRunner();
    const inputFor = (): SharedInput => ({ pixels: new Uint8Array(192), width: 8, height: 8, stride: 24 });
    const scheduler = new Scheduler<SharedInput>({ clock: new ManualClock(), inputFor });
    scheduler.addRunner(runner);
    const [states, examined]: [unknown[], number[]] = [[], []];
    let results = 0;
    const stage = new AnalysisStage({
      source: scheduler.addSource(),
      scaler: new NativeScaler(),
      threshold: () => 0.5,
      onResult: () => results++,
      onState: (state, cause) => states.push([state, cause instanceof SightlineError && cause.code]),
      onExamined: (kept) => {
        examined.push(kept.timestamp);
        kept.close();
      },
      warn: () => {},
    });
    stages.push(stage);
    let timestamp = 0;
    const push = async () => {
      const frame = NativeVideoFrame.allocate(16, 16, timestamp++);
      stage.push(frame, record, frame.share());
      await expect.poll(() => runner.running, { interval: 1 }).toBe(true);
    };
    return { runner, scheduler, stage, states, examined, push, results: () => results };
  }

  it('says that the model fails again and again, and that it works again; frames go on either way', async () => {
    const { runner, stage, states, examined, push, results } = setUp();
    for (let look = 0; look < 6; look++) {
      await push();
      await runner.break(new SightlineError('inference-failed', 'Cannot run'));
    }
    expect([stage.failures, results(), states]).toEqual([6, 0, [['failing', 'inference-failed']]]);
    for (let look = 0; look < 4; look++) {
      await push();
      await runner.finish([person]);
    }
    expect(states).toEqual([
      ['failing', 'inference-failed'],
      ['working', false],
    ]);
    expect(results()).toBe(4);
    expect(examined).toHaveLength(10);
  });

  it('takes nothing found beside NaN for a failure, and something found beside NaN for a result', async () => {
    const { runner, states, push, results } = setUp();
    for (let look = 0; look < 5; look++) {
      await push();
      await runner.finish([], 7);
    }
    expect([results(), states]).toEqual([0, [['failing', 'inference-failed']]]);
    await push();
    await runner.finish([person], 1);
    expect(results()).toBe(1);
  });

  it('lets frames go on after the engine was closed, and says that the model fails', async () => {
    const { scheduler, stage, states, examined } = setUp();
    scheduler.close(new SightlineError('inference-failed', 'No worker is left'));
    for (let look = 0; look < 5; look++) {
      const frame = NativeVideoFrame.allocate(16, 16, look);
      stage.push(frame, record, frame.share());
    }
    await expect.poll(() => examined.length, { interval: 1 }).toBe(5);
    expect(states).toEqual([['failing', 'inference-failed']]);
  });
});
