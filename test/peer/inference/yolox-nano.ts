import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedModel } from '../../../models/manifest.ts';

/** YOLOX-nano as the tests of the engine need it, from the folder that SIGHTLINE_MODELS_DIR names. */
export const yoloxNano: ResolvedModel = {
  origin: 'directory',
  path: join(process.env['SIGHTLINE_MODELS_DIR'] ?? '', 'yolox-nano', 'yolox_nano.onnx'),
  manifest: {
    id: 'yolox-nano',
    title: 'YOLOX-nano',
    task: 'detect',
    head: 'yolox',
    licence: 'Apache-2.0',
    source: 'the YOLOX project',
    file: 'yolox_nano.onnx',
    sha256: '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14',
    size: 3_660_092,
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
    labels: ['person', ...Array.from({ length: 79 }, (_, index) => `class ${index + 1}`)],
    threshold: 0.3,
  },
};

/** Where the weights are absent, tests that need them skip, and say so. */
export const hasWeights = existsSync(yoloxNano.path);
