import { SightlineError } from '../protocol/errors.ts';
import { centernet } from './entries/centernet.ts';
import { yoloxNano } from './entries/yolox-nano.ts';
import type { ModelManifest } from './manifest.ts';

/** Every model that Sightline knows. */
export const catalogue: readonly ModelManifest[] = [yoloxNano, centernet];

/** The detectors to use where nobody has chosen one, best first. */
export const defaultDetectors: readonly string[] = [yoloxNano.id, centernet.id];

/** The model of the catalogue with this id. Throws `model-unknown` naming those that there are. */
export function findModel(id: string): ModelManifest {
  const manifest = catalogue.find((entry) => entry.id === id);
  if (manifest !== undefined) return manifest;
  const known = catalogue.map((entry) => entry.id).join(', ');
  throw new SightlineError('model-unknown', `Cannot find the model "${id}": expected one of ${known}`);
}
