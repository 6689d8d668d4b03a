import type { ModelManifest } from '../manifest.ts';
import { handLandmarks } from '../parts/hand-landmarks.ts';

/** MediaPipe Hands (Zhang et al. 2020): finds palms, then the joints of each hand. */
export const hands: ModelManifest = {
  id: 'mediapipe-hands',
  folder: 'palm-detection',
  title: 'MediaPipe Hands, 21 joints of each hand',
  task: 'hands',
  head: 'palm',
  licence: 'Apache-2.0',
  source: 'MediaPipe Hands by Google; https://github.com/keijiro/BlazePalmBarracuda',
  file: 'palm_detection_barracuda.onnx',
  sha256: '6fa415badf79694c96441b54c911ddb1b693204923a8dcd67af62e14f23730b4',
  size: 3_881_259,
  url: 'https://raw.githubusercontent.com/keijiro/BlazePalmBarracuda/61117571521bd55b2a1713b85d0f8c6ae1e8c2be/Packages/jp.keijiro.mediapipe.blazepalm/ONNX/palm_detection_barracuda.onnx',
  input: {
    name: 'input',
    width: 128,
    height: 128,
    layout: 'nchw',
    channels: 'rgb',
    mean: 127.5,
    scale: 1 / 127.5,
    fit: 'letterbox',
    pad: 0,
  },
  outputs: [
    { name: 'classificators', dims: [1, 896, 1] },
    { name: 'regressors', dims: [1, 896, 18] },
  ],
  labels: ['hand'],
  threshold: 0.5,
  second: {
    model: handLandmarks.id,
    region: 'hand',
    scale: 2.6,
    regions: 4,
    picture: { width: 640, height: 640 },
    labels: 'second',
  },
};
