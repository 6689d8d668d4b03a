import type { ModelManifest } from '../manifest.ts';

/** A small classifier of what a face shows (Arriaga et al. 2017), trained on FER-2013. It sees faces, not feelings. */
export const expressionClasses: ModelManifest = {
  id: 'expression-classes',
  title: 'Expressions of a face',
  task: 'classify',
  head: 'classes',
  licence: 'MIT',
  source: 'npm package @vladmandic/human; https://github.com/oarriaga/face_classification',
  file: 'emotion.onnx',
  sha256: '0395b05b89361b10652f0a13994e89c069d64474eb9d32df836daadc0bcfa700',
  size: 823_204,
  package: {
    name: '@vladmandic/human',
    graph: 'models/emotion.json',
    sha256: '27f76db88b60395e3240ab2945a998456306164f40812b86bad6adbb3ed110f2',
  },
  input: {
    name: 'input_1',
    width: 64,
    height: 64,
    layout: 'nhwc',
    channels: 'grey',
    mean: 127.5,
    scale: 1 / 127.5,
    fit: 'letterbox',
    pad: 0,
  },
  outputs: [{ name: 'Identity', dims: [1, 7] }],
  labels: ['angry', 'disgusted', 'afraid', 'happy', 'sad', 'surprised', 'neutral'],
  threshold: 0.4,
};
