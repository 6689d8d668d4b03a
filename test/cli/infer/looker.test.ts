import { expect, it } from 'vitest';
import { Looker } from '../../../cli/infer/looker.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { Engine } from '../../../peer/inference/engine.ts';
import type { InferenceResult } from '../../../peer/inference/frame-job.ts';
import { hasWeights, yoloxNano } from '../../peer/inference/yolox-nano.ts';
import { syntheticFrame } from '../../support/pictures.ts';

const FRAMES = 24;

it.skipIf(!hasWeights)('Looker has every picture looked at, and the worker hardly ever waits', async () => {
  await using engine = await Engine.open({ model: yoloxNano, workers: 1, threads: 1 });
  const looker = new Looker(engine, nativeCodecs);
  const results: Promise<InferenceResult>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < FRAMES; n++) {
    using frame = syntheticFrame(640, 480, n);
    results.push((await looker.look(frame, 0.3)).result);
  }
  const all = await Promise.all(results);
  const wallMs = performance.now() - startedAt;
  const busyMs = all.reduce((sum, { timings }) => sum + timings.infer, 0);
  expect(all).toHaveLength(FRAMES);
  expect(busyMs / wallMs).toBeGreaterThan(0.75);
  await looker.close();
  expect(nativeCodecs.live).toBe(0);
});
