import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedModel } from '../../../models/manifest.ts';
import { Engine } from '../../../peer/inference/engine.ts';
import { type Look, Looker } from './looker.ts';
import { ASKED, type Pair, pairUp } from './pairs.ts';
import { askReference, type ReferenceJob, rgbPixels } from './reference.ts';
import type { Sight } from './sights.ts';

/** What both implementations say of one picture. */
export interface Comparison {
  readonly name: string;
  /** Both given the pixels that our scaler made. */
  readonly samePixels: readonly Pair[];
  /** Each decoded and scaled the file for itself: the reference with a filter that skips nothing, as our scaler does. */
  readonly wholePath: readonly Pair[];
  /** The same, where the reference scales as the model's authors do: between four neighbours, skipping the rest. */
  readonly sampled: readonly Pair[];
}

/** Shows every picture to a model of ours and to OpenCV's. Pictures that OpenCV cannot read are left out. */
export async function compare(
  model: ResolvedModel,
  sights: (folder: string) => AsyncIterable<Sight> | Iterable<Sight>,
): Promise<Comparison[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-parity-'));
  try {
    const { looks, jobs } = await lookAtAll(model, sights(folder), folder);
    const answers = await askReference(jobs, ASKED);
    return looks.flatMap(({ name, look: { objects } }, index) => {
      const [samePixels, wholePath, sampled] = answers
        .slice(3 * index, 3 * index + 3)
        .map((theirs) => theirs && pairUp(objects, theirs));
      return samePixels && wholePath && sampled ? [{ name, samePixels, wholePath, sampled }] : [];
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function lookAtAll(
  model: ResolvedModel,
  sights: AsyncIterable<Sight> | Iterable<Sight>,
  folder: string,
): Promise<{ looks: { name: string; look: Look }[]; jobs: ReferenceJob[] }> {
  const looks: { name: string; look: Look }[] = [];
  const jobs: ReferenceJob[] = [];
  const task = { model: model.manifest.id, onnx: model.path };
  await using engine = await Engine.open({ model, workers: 1, threads: 1 });
  using looker = new Looker(engine);
  for await (const { name, picture, index, frame } of sights) {
    using shown = frame;
    const look = await looker.look(shown);
    const rgb = join(folder, `${looks.length}.rgb`);
    await writeFile(rgb, look.pixels);
    const file = { ...task, picture, index };
    jobs.push(
      { ...task, ...rgbPixels(rgb, look.size, shown) },
      { ...file, filter: 'smoothed' },
      { ...file, filter: 'sampled' },
    );
    looks.push({ name, look });
  }
  return { looks, jobs };
}
