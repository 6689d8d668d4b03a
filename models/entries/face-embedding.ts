import type { ModelManifest } from '../manifest.ts';
import { faceFeatures } from '../parts/face-features.ts';
import { blazeface } from './blazeface.ts';

/** Finds faces, then tells whose they are in numbers: the cosine of two embeddings is high for one person. */
export const faceEmbedding: ModelManifest = {
  ...blazeface,
  id: 'face-embedding',
  folder: blazeface.id,
  title: 'FaceRes, 1024 features of each face',
  task: 'embed',
  licence: `Apache-2.0 (BlazeFace); features: ${faceFeatures.licence}`,
  source: `${faceFeatures.source}; MediaPipe Face Detection by Google`,
  second: {
    model: faceFeatures.id,
    region: 'face',
    scale: 1.3,
    regions: 4,
    picture: { width: 640, height: 640 },
    labels: 'first',
  },
};
