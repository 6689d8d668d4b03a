import { describe, expect, it } from 'vitest';
import { depacketizers } from '../../../peer/rtp/depacketizer.ts';
import { parseVp9Descriptor } from '../../../peer/rtp/vp9-descriptor.ts';
import { hex } from './packets.ts';

const none = {
  interPicture: false,
  flexible: false,
  startOfFrame: false,
  endOfFrame: false,
  pictureId: undefined,
  temporalLayer: 0,
  spatialLayer: 0,
};

// The payloads end in one byte of VP9, ff.
it.each([
  ['the required byte alone', '00 ff', { ...none, length: 1 }],
  ['P, B and E', '4c ff', { ...none, interPicture: true, startOfFrame: true, endOfFrame: true, length: 1 }],
  ['Z', '01 ff', { ...none, length: 1 }],
  ['a picture id of 7 bits', '80 7f ff', { ...none, pictureId: 127, length: 2 }],
  ['a picture id of 15 bits', '80 92 34 ff', { ...none, pictureId: 0x1234, length: 3 }],
  ['layers with TL0PICIDX', '20 53 09 ff', { ...none, temporalLayer: 2, spatialLayer: 1, length: 3 }],
  [
    'layers in flexible mode, without TL0PICIDX',
    '30 53 ff',
    { ...none, flexible: true, temporalLayer: 2, spatialLayer: 1, length: 2 },
  ],
  ['one reference', '50 02 ff', { ...none, flexible: true, interPicture: true, length: 2 }],
  ['three references', '50 03 05 06 ff', { ...none, flexible: true, interPicture: true, length: 4 }],
  ['no references in a flexible key frame', '10 ff', { ...none, flexible: true, length: 1 }],
  ['an empty scalability structure', '02 00 ff', { ...none, length: 2 }],
  ['the sizes of two layers', '02 30 0140 00f0 0280 01e0 ff', { ...none, length: 10 }],
  ['the pictures of a group', '02 08 02 00 08 01 02 ff', { ...none, length: 7 }],
  [
    'a key frame as Chromium sends it',
    'aa 80 01 00 05 18 0280 01e0 01 04 01 ff',
    { ...none, startOfFrame: true, pictureId: 1, length: 13 },
  ],
])('parseVp9Descriptor() reads %s', (_, payload, descriptor) => {
  expect(parseVp9Descriptor(hex(payload))).toEqual(descriptor);
});

it.each([
  ['nothing', ''],
  ['the required byte alone', '08'],
  ['a cut picture id', '88 80'],
  ['no data behind a picture id', '88 80 01'],
  ['cut layers', 'a8 01 20'],
  ['a cut structure', '0a 18 0280 01'],
  ['a group of more pictures than there is', '0a 08 ff 00 00'],
  ['more than three references', '58 03 05 07 08 ff'],
])('parseVp9Descriptor() refuses %s', (_, payload) => {
  expect(parseVp9Descriptor(hex(payload))).toBeUndefined();
});

describe('depacketizeVp9()', () => {
  const vp9 = depacketizers.VP9;

  it.each([
    ['a key frame', '08 82 aa', 'certain', true],
    ['a key frame of profile 3', '08 b0 aa', 'certain', true],
    ['another frame', '48 86 aa', 'certain', false],
    ['a frame that refers to none and is no key frame', '08 86 aa', 'certain', false],
    ['a frame of profile 3 that is no key frame', '08 b2 aa', 'certain', false],
    ['a frame shown again', '08 88 aa', 'certain', false],
    ['something that is not VP9', '08 02 aa', 'certain', false],
    ['the middle of a key frame', '00 82 aa', 'impossible', false],
  ])('sees %s', (_, payload, start, keyframe) => {
    const part = vp9(hex(payload));
    expect(part).toMatchObject({ start, keyframe, picture: true });
    expect(part && Buffer.concat(part.pieces).toString('hex')).toBe(payload.replaceAll(' ', '').slice(2));
  });

  it('takes the lowest spatial layer and leaves the others out', () => {
    expect(vp9(hex('28 00 00 82'))).toMatchObject({ start: 'certain', keyframe: true });
    expect(vp9(hex('28 02 00 82'))).toEqual({
      pieces: [],
      start: 'impossible',
      keyframe: false,
      picture: false,
    });
  });
});
