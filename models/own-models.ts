import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SightlineError } from '../protocol/errors.ts';
import { catalogue, parts, secondOf } from './catalogue.ts';
import type { ResolvedModel } from './manifest.ts';
import { OWN_MANIFEST, readOwnModel } from './own-manifest.ts';
import { isMissing } from './verify.ts';

/** A folder with a manifest that cannot be used. */
export interface RefusedModel {
  readonly folder: string;
  readonly error: SightlineError;
}

/** The models that a user has put into the folder of models, beside those of the catalogue. */
export interface OwnModels {
  /** With labels, and without the second model that they may need. */
  readonly models: readonly ResolvedModel[];
  readonly refused: readonly RefusedModel[];
}

/**
 * Looks for folders with a `manifest.json`, one level deep. One that is wrong stands in the way of no other.
 *
 * @param directory that of {@link ResolveOptions}; none has no models
 */
export async function findOwnModels(directory: string | undefined): Promise<OwnModels> {
  const models: ResolvedModel[] = [];
  const refused: RefusedModel[] = [];
  for (const folder of await foldersWithManifest(directory)) {
    try {
      const model = await readOwnModel(folder);
      expectFree(model, models);
      secondOf(model.manifest);
      models.push(model);
    } catch (error) {
      if (!(error instanceof SightlineError)) throw error;
      refused.push({ folder, error });
    }
  }
  return { models, refused };
}

/**
 * The user's own model with this id; undefined when there is none.
 * Throws the reason when a folder of that name was refused.
 */
export async function findOwnModel(
  id: string,
  directory: string | undefined,
): Promise<ResolvedModel | undefined> {
  const { models, refused } = await findOwnModels(directory);
  const model = models.find(({ manifest }) => manifest.id === id);
  const wrong = refused.find(({ folder }) => basename(folder) === id);
  if (model === undefined && wrong !== undefined) throw wrong.error;
  return model;
}

/** Throws `model-id-taken` where the id of a model is that of another one, of the catalogue or of `others`. */
export function expectFree(
  { manifest: { id }, path }: ResolvedModel,
  others: readonly ResolvedModel[],
): void {
  const builtIn = [...catalogue, ...parts].some((entry) => entry.id === id);
  const other = others.find(({ manifest }) => manifest.id === id);
  if (!builtIn && other === undefined) return;
  const owner = other === undefined ? 'a model of the catalogue' : `the model in ${dirname(other.path)}`;
  throw new SightlineError(
    'model-id-taken',
    `Cannot use the model in ${dirname(path)}: expected an id of its own, found "${id}", that of ${owner}`,
  );
}

async function foldersWithManifest(directory: string | undefined): Promise<string[]> {
  if (directory === undefined) return [];
  const folders: string[] = [];
  for (const name of (await namesIn(directory)).toSorted()) {
    const folder = join(directory, name);
    if ((await namesIn(folder)).includes(OWN_MANIFEST)) folders.push(folder);
  }
  return folders;
}

/** Nothing where there is no folder that may be read: the weights of the catalogue may still come from elsewhere. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'EACCES')) return [];
    throw error;
  }
}
