import type { ModelManifest } from '../manifest.ts';

/** The second model of MediaPipe Hands (Zhang et al. 2020): the joints of one hand that fills the picture. */
export const handLandmarks: ModelManifest = {
  id: 'hand-landmark',
  title: 'MediaPipe hand landmarks',
  task: 'hands',
  head: 'hand-landmarks',
  licence: 'Apache-2.0',
  source: 'MediaPipe Hands by Google; https://github.com/keijiro/HandLandmarkBarracuda',
  file: 'hand_landmark.onnx',
  sha256: 'caeea4465a5b7bf68081d9ba6ce195dcb6dcbaadbe83c339a4f2860e9db7eec2',
  size: 3_852_998,
  url: 'https://raw.githubusercontent.com/keijiro/HandLandmarkBarracuda/d60d1fd518b7ba74870f58f859b28a285e40df56/Packages/jp.keijiro.mediapipe.handlandmark/ONNX/hand_landmark.onnx',
  input: {
    name: 'input_1',
    width: 224,
    height: 224,
    layout: 'nchw',
    channels: 'rgb',
    mean: 0,
    scale: 1 / 255,
    fit: 'letterbox',
    pad: 0,
  },
  outputs: [
    { name: 'Identity', dims: [1, 63] },
    { name: 'Identity_1', dims: [1, 1] },
    { name: 'Identity_2', dims: [1, 1] },
  ],
  labels: ['left hand', 'right hand'],
  threshold: 0.5,
};
