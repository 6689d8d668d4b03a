import { dirname } from 'node:path';
import { catalogue, parts } from '../../../models/catalogue.ts';
import type { ModelManifest } from '../../../models/manifest.ts';
import { readOwnModel } from '../../../models/own-manifest.ts';
import { expectFree } from '../../../models/own-models.ts';
import { readLabels } from '../../../models/read-labels.ts';
import { fingerprintOf, sameFile } from '../../../models/verify.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import type { ModelFinding } from './finding.ts';
import type { Location } from './locate.ts';

/** The manifest of a file, and where it comes from. */
export interface KnownManifest {
  readonly manifest: ModelManifest;
  readonly from: 'its folder' | 'the catalogue';
}

/**
 * The manifest beside a file, or that of the catalogue where the file is one of its models; undefined where there is
 * neither.
 *
 * @returns the finding that says what is wrong with it
 */
export async function readManifestOf({
  path,
  hasManifest,
}: Location): Promise<KnownManifest | ModelFinding | undefined> {
  try {
    if (!hasManifest) return await fromCatalogue(path);
    const model = await readOwnModel(dirname(path));
    expectFree(model, []);
    return { manifest: model.manifest, from: 'its folder' };
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    const remedy = 'docs/errors.md says what the code means; docs/own-model.md describes every field';
    return { step: 'manifest', status: 'failed', code: error.code, text: error.message, remedy };
  }
}

async function fromCatalogue(path: string): Promise<KnownManifest | undefined> {
  const found = await fingerprintOf(path);
  const manifest = [...catalogue, ...parts].find((entry) => sameFile(found, entry));
  if (manifest === undefined) return undefined;
  const model = await readLabels({ manifest, path, origin: 'directory' });
  return { manifest: model.manifest, from: 'the catalogue' };
}
