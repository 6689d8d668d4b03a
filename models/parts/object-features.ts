import { frameEmbedding } from '../entries/frame-embedding.ts';
import type { ModelManifest } from '../manifest.ts';

/** The trunk of CenterNet, shown one object instead of a frame. */
export const objectFeatures: ModelManifest = {
  ...frameEmbedding,
  id: 'object-features',
  folder: frameEmbedding.id,
  title: 'MobileNetV3, features of an object',
};
