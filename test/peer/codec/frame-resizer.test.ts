import { expect, it } from 'vitest';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import { lumaPsnr, packed } from '../../support/pictures.ts';
import { describeCodecs, inBt709 } from './implementations.ts';

describeCodecs('FrameResizer', ({ codecs, flatFrame, syntheticFrame }) => {
  /** Luma that rises by one every four columns, and by one every two rows. */
  function slope(width: number, height: number): VideoFrame {
    const frame = flatFrame(width, height, [0, 90, 170]);
    const { planes, strides } = frame.picture;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) planes[0][y * strides[0] + x] = 16 + (x >> 2) + (y >> 1);
    }
    return frame;
  }

  it.each([
    [320, 240],
    [480, 360],
    [160, 120],
    [214, 120],
    [800, 600],
  ])('resize() gives the same picture at %i×%i, with its timestamp and matrix', async (width, height) => {
    using frame = inBt709(syntheticFrame(640, 480, 3, 0xffff_fff0));
    using resizer = codecs.newResizer();
    using resized = await resizer.resize(frame, width, height);
    expect(resized).toMatchObject({ width, height, timestamp: 0xffff_fff0, matrix: 'bt709' });
    using back = resized && (await resizer.resize(resized, 640, 480));
    expect(back && lumaPsnr(back.picture, frame.picture)).toBeGreaterThan(24);
    expect(resized?.picture.planes[1][0]).toBe(110);
    expect(resized?.picture.planes[2][0]).toBe(150);
  });

  it('resize() puts every pixel where it belongs, in the range it had', async () => {
    using frame = slope(160, 120);
    using resizer = codecs.newResizer();
    using half = await resizer.resize(frame, 80, 60);
    const { planes, strides } = half?.picture ?? frame.picture;
    for (let y = 2; y < 58; y += 1) {
      for (let x = 2; x < 78; x += 1) {
        const expected = 16 + (2 * x + 0.5 - 1.5) / 4 + (2 * y + 0.5 - 0.5) / 2;
        expect(Math.abs((planes[0][y * strides[0] + x] ?? -99) - expected)).toBeLessThan(2);
      }
    }
  });

  it('resize() gives a frame that may be drawn on, and takes its planes again once it is closed', async () => {
    using frame = flatFrame(640, 480, [100, 128, 128]);
    using resizer = codecs.newResizer();
    for (let n = 0; n < 20; n += 1) {
      using resized = await resizer.resize(frame, 320, 240);
      expect(resized?.isWritable).toBe(true);
      expect(resized?.picture.planes[0][5]).toBe(100);
      resized?.picture.planes[0].fill(n);
      expect(codecs.live).toBeLessThan(6);
    }
  });

  it('resize() shares a frame that has the size already', async () => {
    using frame = syntheticFrame(64, 48, 1);
    using resizer = codecs.newResizer();
    using same = await resizer.resize(frame, 64, 48);
    expect(frame.isWritable).toBe(false);
    expect(same && Buffer.compare(packed(same.picture), packed(frame.picture))).toBe(0);
  });

  it('resize() follows changing sizes', async () => {
    using resizer = codecs.newResizer();
    for (const [width, height, to] of [
      [64, 48, 32],
      [480, 640, 120],
      [65, 49, 32],
    ] as const) {
      using frame = flatFrame(width, height, [200, 128, 128]);
      using resized = await resizer.resize(frame, to, to);
      expect(
        resized &&
          packed(resized.picture)
            .subarray(0, to * to)
            .every((luma) => luma === 200),
      ).toBe(true);
    }
  });

  it.each([
    [0, 48],
    [64, -2],
    [Number.NaN, 48],
  ])('resize() rejects the size %f×%f', async (width, height) => {
    using frame = flatFrame(64, 48, [1, 2, 3]);
    using resizer = codecs.newResizer();
    await expect(resizer.resize(frame, width, height)).rejects.toMatchObject({ code: 'codec-failed' });
  });

  it('resize() keeps the frame alive by itself; close() waits for it and gives nothing out', async () => {
    const frame = flatFrame(640, 480, [1, 2, 3]);
    const resizer = codecs.newResizer();
    const first = resizer.resize(frame, 320, 240);
    await expect(resizer.resize(frame, 320, 240)).rejects.toThrow(/one call at a time/);
    frame.close();
    resizer.close();
    resizer.close();
    expect(await first).toBeUndefined();
    await expect(resizer.resize(frame, 320, 240)).rejects.toThrow(/frame resizer: it is closed/);
  });

  it('frames stay valid when the resizer is closed', async () => {
    using frame = flatFrame(64, 48, [77, 2, 3]);
    const resizer = codecs.newResizer();
    using resized = await resizer.resize(frame, 32, 24);
    resizer.close();
    expect(resized?.picture.planes[0][9]).toBe(77);
  });
});
