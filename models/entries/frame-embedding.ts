import type { ModelManifest } from '../manifest.ts';
import { centernet } from './centernet.ts';

/** The trunk of CenterNet, without what finds objects: what kind of scene a frame shows. */
export const frameEmbedding: ModelManifest = {
  ...centernet,
  id: 'frame-embedding',
  title: 'MobileNetV3, 480 features of a frame',
  task: 'embed',
  head: 'features',
  file: 'mobilenet-v3-trunk.onnx',
  sha256: '0a3e9c97630b6f9112cd699c81560aeddcc81f25566d9249b3bfeba67fe05807',
  size: 7_018_428,
  input: { ...centernet.input, fit: 'stretch' },
  outputs: [{ name: 'tower_0/extern1/hard_swish/mul_1', dims: [1, 16, 16, 480] }],
  labels: ['frame'],
  threshold: 0.5,
};
