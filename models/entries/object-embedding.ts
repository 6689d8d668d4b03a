import type { ModelManifest } from '../manifest.ts';
import { objectFeatures } from '../parts/object-features.ts';
import { yoloxNano } from './yolox-nano.ts';

/** Finds objects, then what each looks like in numbers, to tell things of one kind apart. */
export const objectEmbedding: ModelManifest = {
  ...yoloxNano,
  id: 'object-embedding',
  folder: yoloxNano.id,
  title: 'MobileNetV3, 480 features of each object',
  task: 'embed',
  licence: `Apache-2.0 (YOLOX-Nano); features: ${objectFeatures.licence}`,
  second: {
    model: objectFeatures.id,
    region: 'box',
    scale: 1,
    regions: 4,
    picture: { width: 640, height: 640 },
    labels: 'first',
  },
};
