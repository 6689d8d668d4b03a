import type { ModelManifest } from '../manifest.ts';

/** MoveNet SinglePose Lightning (Google 2021): the 17 points of COCO, of the person in the middle. */
export const movenet: ModelManifest = {
  id: 'movenet-lightning',
  title: 'MoveNet Lightning, the pose of one person',
  task: 'pose',
  head: 'movenet',
  licence: 'Apache-2.0',
  source: 'npm package @vladmandic/human; MoveNet.SinglePose.Lightning by Google',
  file: 'movenet-lightning.onnx',
  sha256: '76644b3b7b2bfde5c9fa0d8b8651b8b13f7473154848b5317e6ca18c80664fa4',
  size: 9_317_924,
  package: {
    name: '@vladmandic/human',
    graph: 'models/movenet-lightning.json',
    sha256: '820996ebc95ec0aaab828ebb34ab525328cbbe8a242e9db9f65eaa8fe893424f',
  },
  input: {
    name: 'input',
    type: 'int32',
    width: 192,
    height: 192,
    layout: 'nhwc',
    channels: 'rgb',
    mean: 0,
    scale: 1,
    fit: 'letterbox',
    pad: 0,
  },
  outputs: [{ name: 'Identity', dims: [1, 1, 17, 3] }],
  labels: ['person'],
  threshold: 0.35,
};
