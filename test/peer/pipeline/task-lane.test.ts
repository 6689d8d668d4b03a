import { describe, expect, it } from 'vitest';
import { findModel } from '../../../models/catalogue.ts';
import type { Codecs } from '../../../peer/codec/codecs.ts';
import { NativeScaler } from '../../../peer/codec/native/scaler.ts';
import { NativeVideoFrame } from '../../../peer/codec/native/video-frame.ts';
import type { Engine } from '../../../peer/inference/engine.ts';
import { Scheduler } from '../../../peer/inference/scheduler.ts';
import type { SharedInput } from '../../../peer/inference/shared-input.ts';
import { TaskLane } from '../../../peer/pipeline/task-lane.ts';
import { FakeRunner } from '../inference/fake-runner.ts';
import { ManualClock } from '../inference/manual-clock.ts';

const FRAME_MS = 50;
const RUN_MS = 40;

/** Pushes twenty frames a second through a lane whose model takes 40 ms; @returns how many of them were looked at */
async function looks(frames: number, budgetMs: number | undefined): Promise<number> {
  const clock = new ManualClock();
  const runner = new FakeRunner();
  const inputFor = (): SharedInput => ({ pixels: new Uint8Array(192), width: 8, height: 8, stride: 24 });
  const scheduler = new Scheduler<SharedInput>({ clock, inputFor });
  scheduler.addRunner(runner);
  const lane = new TaskLane({
    engine: {
      manifest: findModel('yolox-nano'),
      addSource: () => scheduler.addSource(),
    } as unknown as Engine,
    codecs: { newScaler: () => new NativeScaler() } as unknown as Codecs,
    settings: { threshold: 0.5, classes: undefined, rate: 30, budgetMs },
    zones: [],
    mayRest: false,
    exact: () => false,
    captureTime: () => 0,
    onResult: () => {},
    onState: () => {},
    onExamined: (frame) => frame.close(),
    warn: () => {},
  });
  for (let count = 0; count < frames; count++) {
    const decodedAt = clock.now();
    const before = runner.requests.length;
    lane.push(NativeVideoFrame.allocate(16, 16, count * 4500), {
      timestamp: count * 4500,
      arrivedAt: decodedAt,
      decodedAt,
      encodeMs: undefined,
    });
    if (lane.stage.pending > 0) {
      await expect.poll(() => runner.requests.length, { interval: 1 }).toBe(before + 1);
      await clock.advance(RUN_MS);
      await runner.finish();
    }
    await clock.advance(decodedAt + FRAME_MS - clock.now());
  }
  await lane.close();
  return runner.requests.length;
}

describe('TaskLane', () => {
  it.each([
    ['all frames where there is no budget', undefined, 60, 60],
    ['all frames where results come within the budget', RUN_MS + 10, 60, 60],
    ['fewer and fewer where they come later', RUN_MS - 10, 5, 30],
  ])('looks at %s', async (_, budgetMs, least, most) => {
    const looked = await looks(60, budgetMs);
    expect(looked).toBeGreaterThanOrEqual(least);
    expect(looked).toBeLessThanOrEqual(most);
  });
});
