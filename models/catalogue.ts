import { SightlineError } from '../protocol/errors.ts';
import { blazeface } from './entries/blazeface.ts';
import { centernet } from './entries/centernet.ts';
import { faceEmbedding } from './entries/face-embedding.ts';
import { faceExpression } from './entries/face-expression.ts';
import { faceMesh } from './entries/face-mesh.ts';
import { frameEmbedding } from './entries/frame-embedding.ts';
import { hands } from './entries/hands.ts';
import { movenet } from './entries/movenet.ts';
import { objectEmbedding } from './entries/object-embedding.ts';
import { selfieSegmentation } from './entries/selfie-segmentation.ts';
import { selfieSegmentationLandscape } from './entries/selfie-segmentation-landscape.ts';
import { text } from './entries/text.ts';
import { ultraface } from './entries/ultraface.ts';
import { yoloxNano } from './entries/yolox-nano.ts';
import type { ModelManifest } from './manifest.ts';
import { expressionClasses } from './parts/expression-classes.ts';
import { faceFeatures } from './parts/face-features.ts';
import { faceLandmarks } from './parts/face-landmarks.ts';
import { handLandmarks } from './parts/hand-landmarks.ts';
import { objectFeatures } from './parts/object-features.ts';
import { textRecognition } from './parts/text-recognition.ts';

/** Every model that Sightline knows, of one task the better first. */
export const catalogue: readonly ModelManifest[] = [
  yoloxNano,
  centernet,
  ultraface,
  blazeface,
  movenet,
  hands,
  faceMesh,
  selfieSegmentation,
  selfieSegmentationLandscape,
  faceExpression,
  frameEmbedding,
  objectEmbedding,
  faceEmbedding,
  text,
];

/** Models that only work on what another one has found. Nobody calls them by name, so they are not listed. */
export const parts: readonly ModelManifest[] = [
  handLandmarks,
  faceLandmarks,
  expressionClasses,
  faceFeatures,
  objectFeatures,
  textRecognition,
];

/** The detectors to use where nobody has chosen one, best first. */
export const defaultDetectors: readonly string[] = [yoloxNano.id, centernet.id];

/** The model of the catalogue with this id. Throws `model-unknown` naming those that there are. */
export function findModel(id: string): ModelManifest {
  const manifest = catalogue.find((entry) => entry.id === id);
  if (manifest !== undefined) return manifest;
  const known = catalogue.map((entry) => entry.id).join(', ');
  throw new SightlineError('model-unknown', `Cannot find the model "${id}": expected one of ${known}`);
}

/** The part that a model needs beside itself; undefined where it needs none. Throws `model-unknown`. */
export function secondOf({ id, second }: ModelManifest): ModelManifest | undefined {
  if (second === undefined) return undefined;
  const part = parts.find((entry) => entry.id === second.model);
  if (part !== undefined) return part;
  const known = parts.map((entry) => entry.id).join(', ');
  throw new SightlineError(
    'model-unknown',
    `Cannot find the second model "${second.model}" of "${id}": expected one of ${known}`,
  );
}
