import { expect, it } from 'vitest';
import { parseVp8Descriptor } from '../../../peer/rtp/vp8-descriptor.ts';
import { hex } from './packets.ts';

const none = {
  nonReference: false,
  startOfPartition: false,
  partition: 0,
  pictureId: undefined,
  baseLayerIndex: undefined,
  temporalLayer: undefined,
  layerSync: undefined,
  keyIndex: undefined,
};

// The payloads end in one byte of VP8, ff.
it.each([
  ['the required byte alone', '00 ff', { ...none, length: 1 }],
  ['S and PID', '15 ff', { ...none, startOfPartition: true, partition: 5, length: 1 }],
  ['N', '20 ff', { ...none, nonReference: true, length: 1 }],
  ['X without fields', '90 00 ff', { ...none, startOfPartition: true, length: 2 }],
  ['a picture id of 7 bits', '80 80 7f ff', { ...none, pictureId: 127, length: 3 }],
  ['a picture id of 15 bits', '80 80 92 34 ff', { ...none, pictureId: 0x1234, length: 4 }],
  ['the largest picture id', '80 80 ff ff ff', { ...none, pictureId: 0x7fff, length: 4 }],
  ['L', '80 40 c8 ff', { ...none, baseLayerIndex: 200, length: 3 }],
  ['T', '80 20 a0 ff', { ...none, temporalLayer: 2, layerSync: true, length: 3 }],
  ['K', '80 10 1f ff', { ...none, keyIndex: 31, length: 3 }],
  [
    'T and K in one byte',
    '80 30 43 ff',
    { ...none, temporalLayer: 1, layerSync: false, keyIndex: 3, length: 3 },
  ],
  [
    'all of them, as Chromium sends them',
    '90 f0 81 02 07 45 ff',
    {
      ...none,
      startOfPartition: true,
      pictureId: 258,
      baseLayerIndex: 7,
      temporalLayer: 1,
      layerSync: false,
      keyIndex: 5,
      length: 6,
    },
  ],
])('parseVp8Descriptor() reads %s', (_, payload, descriptor) => {
  expect(parseVp8Descriptor(hex(payload))).toEqual(descriptor);
});

it.each([
  [''],
  ['10'],
  ['90'],
  ['90 00'],
  ['90 80'],
  ['90 80 80'],
  ['90 80 80 01'],
  ['90 f0 81 02 07'],
  ['90 f0 81 02 07 45'],
])('parseVp8Descriptor() refuses "%s", which ends in the descriptor or right behind it', (payload) => {
  expect(parseVp8Descriptor(hex(payload))).toBeUndefined();
});
