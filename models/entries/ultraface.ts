import type { ModelManifest } from '../manifest.ts';

/** UltraFace RFB-320 (Linzaer 2019): faces down to some twenty pixels, from the side too. */
export const ultraface: ModelManifest = {
  id: 'ultraface-rfb-320',
  title: 'UltraFace RFB-320, faces',
  task: 'faces',
  head: 'ultraface',
  licence: 'MIT',
  source: 'https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB',
  file: 'version-RFB-320.onnx',
  sha256: '34cd7e60aeff28744c657de7a3dc64e872d506741de66987f3426f2b79f88017',
  size: 1_270_727,
  url: 'https://raw.githubusercontent.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB/dffdddda9794a50607cba8f318507a28c1c27cab/models/onnx/version-RFB-320.onnx',
  input: {
    name: 'input',
    width: 320,
    height: 240,
    layout: 'nchw',
    channels: 'rgb',
    mean: 127,
    scale: 1 / 128,
    fit: 'letterbox',
    pad: 127,
  },
  outputs: [
    { name: 'scores', dims: [1, 4420, 2] },
    { name: 'boxes', dims: [1, 4420, 4] },
  ],
  labels: ['face'],
  threshold: 0.6,
};
