import { coco80 } from '../labels/coco80.ts';
import type { ModelManifest } from '../manifest.ts';

/** YOLOX-Nano (Ge et al. 2021): small, quick and accurate; the default where it can be had. */
export const yoloxNano: ModelManifest = {
  id: 'yolox-nano',
  title: 'YOLOX-Nano, 80 everyday objects',
  task: 'detect',
  head: 'yolox',
  licence: 'Apache-2.0',
  source: 'https://github.com/Megvii-BaseDetection/YOLOX, release 0.1.1rc0',
  file: 'yolox_nano.onnx',
  sha256: '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14',
  size: 3_660_092,
  url: 'https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_nano.onnx',
  input: {
    name: 'images',
    width: 416,
    height: 416,
    layout: 'nchw',
    channels: 'bgr',
    mean: 0,
    scale: 1,
    fit: 'letterbox',
    pad: 114,
  },
  outputs: [{ name: 'output', dims: [1, 3549, 85] }],
  labels: [...coco80],
  threshold: 0.4,
};
