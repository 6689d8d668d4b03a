import type { ModelManifest } from '../manifest.ts';

/** MediaPipe Selfie Segmentation, the square one (Google 2021): which pixels show people near the camera. */
export const selfieSegmentation: ModelManifest = {
  id: 'selfie-segmentation',
  title: 'Selfie Segmentation, the mask of people',
  task: 'segment',
  head: 'mask',
  licence: 'Apache-2.0',
  source:
    'MediaPipe Selfie Segmentation by Google; https://github.com/creativeIKEP/SelfieSegmentationBarracuda',
  file: 'selfie_segmentation.onnx',
  sha256: '1511ab5564cb0ae179cba9bcad6ad931003ccc71656f11fd270967023678c6a5',
  size: 447_596,
  input: {
    name: 'input_1:0',
    width: 256,
    height: 256,
    layout: 'nhwc',
    channels: 'rgb',
    mean: 0,
    scale: 1 / 255,
    fit: 'stretch',
    pad: 0,
  },
  outputs: [{ name: 'activation_10', dims: [1, 256, 256, 1] }],
  labels: ['person'],
  threshold: 0.5,
};
