import type { ModelManifest } from '../manifest.ts';

/** The second model of MediaPipe Face Mesh (Kartynnik et al. 2019): the points of one face that fills the picture. */
export const faceLandmarks: ModelManifest = {
  id: 'face-landmark',
  title: 'MediaPipe face landmarks',
  task: 'face-mesh',
  head: 'face-mesh',
  licence: 'Apache-2.0',
  source: 'npm package @vladmandic/human; MediaPipe Face Mesh by Google',
  file: 'facemesh.onnx',
  sha256: '1d17ed0b8a473d3ef77d7e8a60f6101bcd62ae3993e64c4df8c694563e71bad7',
  size: 2_422_457,
  package: {
    name: '@vladmandic/human',
    graph: 'models/facemesh.json',
    sha256: '1e20089806a7835db965d4babd67f07d93dff9965e27d92c8b40ef57653cff0f',
  },
  input: {
    name: 'input_1',
    width: 192,
    height: 192,
    layout: 'nhwc',
    channels: 'rgb',
    mean: 0,
    scale: 1 / 255,
    fit: 'letterbox',
    pad: 0,
  },
  outputs: [
    { name: 'Identity_2', dims: [1, 1404] },
    { name: 'Identity_1', dims: [1, 1] },
  ],
  labels: ['face'],
  threshold: 0.5,
};
