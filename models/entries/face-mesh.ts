import type { ModelManifest } from '../manifest.ts';
import { faceLandmarks } from '../parts/face-landmarks.ts';
import { blazeface } from './blazeface.ts';

/** MediaPipe Face Mesh (Kartynnik et al. 2019): finds faces, then 468 points of each. */
export const faceMesh: ModelManifest = {
  ...blazeface,
  id: 'face-mesh',
  folder: blazeface.id,
  title: 'MediaPipe Face Mesh, 468 points of each face',
  task: 'face-mesh',
  source: 'npm package @vladmandic/human; MediaPipe Face Mesh by Google',
  second: {
    model: faceLandmarks.id,
    region: 'face',
    scale: 1.5,
    regions: 4,
    picture: { width: 640, height: 640 },
    labels: 'first',
  },
};
