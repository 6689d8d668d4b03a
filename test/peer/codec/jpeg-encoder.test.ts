import { describe, expect, it } from 'vitest';
import { quantizerOf } from '../../../peer/codec/jpeg-encoder.ts';
import { lumaPsnr } from '../../support/pictures.ts';
import { describeCodecs, inBt709 } from './implementations.ts';

const limits = { maxPixels: 1_000_000 };

describe('quantizerOf()', () => {
  it.each([
    [100, 1],
    [80, 4],
    [50, 9],
    [10, 31],
    [1, 31],
  ])('gives for a quality of %i the quantizer %i', (quality, quantizer) => {
    expect(quantizerOf(quality)).toBe(quantizer);
  });
});

describeCodecs('JpegEncoder', ({ codecs, syntheticFrame, flatFrame }) => {
  it('encode() makes JPEGs that decode to the same picture, of any size in turn', async () => {
    using encoder = codecs.openJpegEncoder({ quality: 90 });
    for (const [width, height] of [
      [320, 240],
      [33, 17],
      [320, 240],
    ] as const) {
      using frame = syntheticFrame(width, height, 3);
      using decoded = await codecs.decodeImage(await encoder.encode(frame), limits);
      expect([decoded.width, decoded.height]).toEqual([width, height]);
      expect(lumaPsnr(decoded.picture, frame.picture)).toBeGreaterThan(35);
    }
  });

  it('encode() writes the full range: what is black and white in a frame is 0 and 255 in a JPEG', async () => {
    using encoder = codecs.openJpegEncoder({ quality: 95 });
    for (const luma of [16, 235]) {
      using frame = flatFrame(64, 48, [luma, 128, 128]);
      using decoded = await codecs.decodeImage(await encoder.encode(frame), limits);
      expect(Math.abs((decoded.picture.planes[0][70] ?? 0) - luma)).toBeLessThanOrEqual(1);
    }
  });

  it('encode() turns BT.709 into BT.601, which is all that a JPEG knows', async () => {
    using encoder = codecs.openJpegEncoder({ quality: 95 });
    using red = inBt709(flatFrame(64, 48, [63, 102, 240]));
    using decoded = await codecs.decodeImage(await encoder.encode(red), limits);
    const found = decoded.picture.planes.map((plane) => plane[5] ?? 0);
    for (const [index, expected] of [81, 90, 240].entries())
      expect(Math.abs((found[index] ?? 0) - expected)).toBeLessThanOrEqual(3);
  });

  it('encode() takes fewer bytes for a lower quality', async () => {
    using frame = syntheticFrame(320, 240, 1);
    const sizes = [];
    for (const quality of [100, 80, 30]) {
      using encoder = codecs.openJpegEncoder({ quality });
      sizes.push((await encoder.encode(frame)).length);
    }
    expect(sizes.toSorted((a, b) => b - a)).toEqual(sizes);
    expect(sizes[0]).toBeGreaterThan(1.5 * (sizes[2] ?? 0));
  });

  it('encode() leaves the frame as it is and alive, and takes one at a time', async () => {
    const frame = flatFrame(640, 480, [235, 128, 128]);
    const encoder = codecs.openJpegEncoder({ quality: 80 });
    const first = encoder.encode(frame);
    await expect(encoder.encode(frame)).rejects.toMatchObject({ code: 'codec-failed' });
    frame.close();
    expect((await first).subarray(0, 2)).toEqual(new Uint8Array([0xff, 0xd8]));
    encoder.close();
    await expect(encoder.encode(frame)).rejects.toMatchObject({ code: 'codec-failed' });
  });
});
