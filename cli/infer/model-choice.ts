import { isAtHand } from '../../models/at-hand.ts';
import { catalogue } from '../../models/catalogue.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import { findOwnModels } from '../../models/own-models.ts';
import type { ResolveOptions } from '../../models/sources.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { Task } from '../../protocol/tasks.ts';

/**
 * The model that is meant: the one named, or the first of the task that needs no download, the preferred one before the
 * others. undefined stands for the default detector.
 * @throws SightlineError `model-unavailable` where no model of the task is here
 */
export async function chooseModel(
  { task, model }: { readonly task: Task | undefined; readonly model: string | undefined },
  { preferred, ...options }: ResolveOptions & { readonly preferred: string | undefined },
): Promise<string | undefined> {
  if (model !== undefined) return model;
  if (task === undefined) return preferred;
  const { models } = await findOwnModels(options.directory);
  const own = models.map(({ manifest }) => manifest);
  const ofTask = [...catalogue, ...own].filter((manifest) => manifest.task === task);
  if (ofTask.some(({ id }) => id === preferred)) return preferred;
  if (task === 'detect') return undefined;
  const found = await firstAtHand(ofTask, own, options);
  if (found !== undefined) return found.id;
  const known = ofTask.map(({ id }) => id).join(', ') || 'none in the catalogue';
  throw new SightlineError(
    'model-unavailable',
    `Cannot do the task ${task}: expected the weights of one of its models, found those of none (${known})`,
  );
}

async function firstAtHand(
  manifests: readonly ModelManifest[],
  own: readonly ModelManifest[],
  options: ResolveOptions,
): Promise<ModelManifest | undefined> {
  for (const manifest of manifests) {
    if (own.includes(manifest) || (await isAtHand(manifest, options))) return manifest;
  }
  return undefined;
}
