import type { ModelManifest } from '../manifest.ts';
import { selfieSegmentation } from './selfie-segmentation.ts';

/** MediaPipe Selfie Segmentation, the wide one (Google 2021): half the work of the square one, for wide pictures. */
export const selfieSegmentationLandscape: ModelManifest = {
  ...selfieSegmentation,
  id: 'selfie-segmentation-landscape',
  folder: selfieSegmentation.id,
  title: 'Selfie Segmentation for wide pictures, the mask of people',
  source: 'MediaPipe Selfie Segmentation by Google; https://github.com/keijiro/SelfieBarracuda',
  file: 'selfie_segmentation_landscape.onnx',
  sha256: 'ce062b4830ec7b2be2a328fcf5f7029b19d1b67b9662ac6ae5f40cb67d0d2bc1',
  size: 446_301,
  input: { ...selfieSegmentation.input, height: 144 },
  outputs: [{ name: 'segment_back', dims: [1, 144, 256, 1] }],
};
