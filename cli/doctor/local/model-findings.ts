import { z } from 'zod';
import { catalogue, defaultDetectors } from '../../../models/catalogue.ts';
import type { ModelManifest, ResolvedModel } from '../../../models/manifest.ts';
import { findPackage } from '../../../models/npm-package.ts';
import { findOwnModels, type OwnModels } from '../../../models/own-models.ts';
import { fromCache, fromDirectory, type ResolveOptions } from '../../../models/sources.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { type Finding, type Findings, failed, ok, reasonOf } from '../finding.ts';
import { runProbe } from '../native/run-probe.ts';
import type { Settings } from './settings.ts';

const inferenceSchema = z.object({ name: z.string(), providers: z.array(z.string()) });

const OWN_REMEDY = 'Run npm run sightline -- models check with this folder';

/** Where a model lies, if it does. */
interface Place {
  readonly manifest: ModelManifest;
  /** Whether a call could use it. */
  readonly usable: boolean;
  /** Absent where it is in a package and has yet to be converted, or nowhere. */
  readonly path?: string;
  readonly finding: Finding;
}

/**
 * Looks for the files of the models and compares their hashes, then loads the inference library with the model that a
 * call would get. Nothing is downloaded or converted.
 */
export async function* modelFindings({ peer }: Settings): Findings {
  const options: ResolveOptions = {
    ...(peer.modelsDir !== undefined && { directory: peer.modelsDir }),
    cacheDir: peer.cacheDir,
    download: false,
  };
  const wanted = peer.model === undefined ? defaultDetectors : [peer.model];
  const own = await findOwnModels(peer.modelsDir);
  const ids = [...catalogue.map(({ id }) => id), ...own.models.map(({ manifest }) => manifest.id)];
  if (!wanted.some((id) => ids.includes(id))) {
    yield* ownFindings(own);
    const known = ids.join(', ');
    yield failed('model', 'settings-invalid', `SIGHTLINE_MODEL is ${peer.model}, and there is ${known}`);
    return;
  }
  const places: Place[] = [];
  for (const manifest of catalogue) {
    const place = await placeOf(manifest, options);
    places.push(place);
    yield place.finding;
  }
  yield* ownFindings(own);
  places.push(...own.models.map(ownPlace));
  const usable = places.filter((place) => place.usable && wanted.includes(place.manifest.id));
  if (usable.length === 0)
    yield failed('model', 'model-missing', `None of ${wanted.join(', ')} is here, and a call needs one`);
  yield await inference(usable.find(({ path }) => path !== undefined));
}

/** The models with a manifest of their own; `npm run sightline -- models check` says more about each. */
function* ownFindings({ models, refused }: OwnModels): Generator<Finding, void> {
  for (const { folder, error } of refused) {
    yield { ...failed('model', 'model-wrong', `${folder}: ${error.message}`), remedy: OWN_REMEDY };
  }
  yield* models.map((model) => ownPlace(model).finding);
}

function ownPlace({ manifest, path }: ResolvedModel): Place {
  const finding = ok('model', `${manifest.id} is in ${path}, with a manifest of its own`);
  return { manifest, usable: true, path, finding };
}

async function placeOf(manifest: ModelManifest, options: ResolveOptions): Promise<Place> {
  const { id, package: source } = manifest;
  try {
    const found = (await fromDirectory(manifest, options)) ?? (await fromCache(manifest, options));
    if (found) {
      const finding = ok('model', `${id} is in ${found.path}, with the right SHA-256`);
      return { manifest, usable: true, path: found.path, finding };
    }
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    return { manifest, usable: false, finding: failed('model', 'model-wrong', error.message) };
  }
  if (source !== undefined && (await findPackage(source.name)) !== undefined) {
    const words = `${id} is in the npm package ${source.name}, and is converted when it is first used`;
    return { manifest, usable: true, finding: ok('model', words) };
  }
  const words = `${id} is not on this machine: calls that name it are refused`;
  return { manifest, usable: false, finding: ok('model', words) };
}

async function inference(place: Place | undefined): Promise<Finding> {
  const { manifest, path } = place ?? {};
  try {
    const args = manifest && path !== undefined ? [manifest.id, path] : [];
    const { name, providers } = inferenceSchema.parse(await runProbe('inference-probe', args));
    const ran = args.length > 0 ? `loads, and runs ${args[0]}` : 'loads';
    const others = providers.filter((provider) => provider !== 'cpu').join(', ');
    const unused = others === '' ? '' : ` (${others} is there, and not used)`;
    return ok('inference', `${name} ${ran} on the CPU${unused}`, { providers });
  } catch (error) {
    const code = /^SightlineError|model-/.test(reasonOf(error)) ? 'model-unusable' : 'inference-unusable';
    return failed('inference', code, `The inference library cannot be used: ${reasonOf(error)}`);
  }
}
