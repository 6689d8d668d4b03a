import { Looker } from '../../cli/infer/looker.ts';
import type { ResolvedModel } from '../../models/manifest.ts';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { Engine } from '../../peer/inference/engine.ts';
import type { InferenceResult } from '../../peer/inference/frame-job.ts';
import { readAll } from './stages.ts';

/** Share of the time that the threads of a model work while a film is read and looked at, whatever else the machine does. */
export async function busyShare(path: string, model: ResolvedModel, workers: number): Promise<number> {
  await using engine = await Engine.open({ model, workers, threads: 1 });
  const looker = new Looker(engine, nativeCodecs);
  const results: Promise<InferenceResult>[] = [];
  const startedAt = performance.now();
  await readAll(path, nativeCodecs, async (frame) => {
    results.push((await looker.look(frame, model.manifest.threshold)).result);
  });
  const all = await Promise.all(results);
  const wallMs = performance.now() - startedAt;
  await looker.close();
  return all.reduce((sum, { timings }) => sum + timings.infer, 0) / (wallMs * workers);
}
