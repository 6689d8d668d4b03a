import { expect, it } from 'vitest';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import { describeCodecs, inBt709 } from './implementations.ts';

describeCodecs('Scaler', ({ codecs, flatFrame }) => {
  async function toRgb(frame: VideoFrame, width: number, height: number): Promise<Uint8Array> {
    using scaler = codecs.newScaler();
    const target = new Uint8Array(new SharedArrayBuffer(width * height * 3));
    await scaler.scale(frame, width, height, target, width * 3);
    return target;
  }

  /** Luma that rises by one every four columns, and by one every two rows: 16 to 16 + 40 + 60. */
  function slope(width: number, height: number): VideoFrame {
    const frame = flatFrame(width, height, [0, 128, 128]);
    const { planes, strides } = frame.picture;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) planes[0][y * strides[0] + x] = 16 + (x >> 2) + (y >> 1);
    }
    return frame;
  }

  it.each([
    ['white', [235, 128, 128], [255, 255, 255]],
    ['black', [16, 128, 128], [0, 0, 0]],
    ['grey', [126, 128, 128], [128, 128, 128]],
    ['red', [81, 90, 240], [255, 0, 0]],
    ['green', [145, 54, 34], [0, 255, 0]],
    ['blue', [41, 240, 110], [0, 0, 255]],
  ] as const)('scale() turns BT.601 %s in limited range into full-range RGB', async (_, yuv, rgb) => {
    using frame = flatFrame(640, 480, yuv);
    const pixels = await toRgb(frame, 416, 312);
    for (const at of [0, 200 * 416 + 200, 416 * 312 - 1]) {
      for (const [i, value] of rgb.entries()) {
        expect(Math.abs((pixels[at * 3 + i] ?? -99) - value)).toBeLessThanOrEqual(3);
      }
    }
  });

  it('scale() honours the matrix of the frame', async () => {
    using frame = inBt709(flatFrame(64, 64, [63, 102, 240]));
    const [red = 0, green = 255, blue = 255] = await toRgb(frame, 32, 32);
    expect(red).toBeGreaterThan(251);
    expect(green).toBeLessThan(4);
    expect(blue).toBeLessThan(4);
  });

  it('scale() resizes as bilinear interpolation with centred pixels does', async () => {
    using frame = slope(160, 120);
    const pixels = await toRgb(frame, 104, 78);
    for (let y = 4; y < 74; y += 1) {
      for (let x = 4; x < 100; x += 1) {
        const luma = (((x + 0.5) * 160) / 104 - 2) / 4 + (((y + 0.5) * 120) / 78 - 1) / 2;
        expect(Math.abs((pixels[(y * 104 + x) * 3] ?? -99) - luma * (255 / 219))).toBeLessThan(2);
      }
    }
  });

  it('scale() writes rows at the stride and nothing between them', async () => {
    using frame = flatFrame(64, 48, [235, 128, 128]);
    using scaler = codecs.newScaler();
    const target = new Uint8Array(10 * 50).fill(7);
    await scaler.scale(frame, 15, 10, target, 50);
    for (let y = 0; y < 10; y += 1) {
      expect(target[y * 50 + 44]).toBeGreaterThan(250);
      expect(target.subarray(y * 50 + 45, (y + 1) * 50).every((byte) => byte === 7)).toBe(true);
    }
  });

  it('scale() follows changing sizes of frames and targets', async () => {
    using scaler = codecs.newScaler();
    for (const [width, height, side] of [
      [64, 48, 32],
      [640, 480, 16],
      [33, 57, 48],
      [64, 48, 32],
    ] as const) {
      using frame = flatFrame(width, height, [235, 128, 128]);
      const target = new Uint8Array(side * side * 3);
      await scaler.scale(frame, side, side, target, side * 3);
      expect(Math.min(...target)).toBeGreaterThan(250);
    }
  });

  it.each([
    ['too short a target', 32, 32, 32 * 32 * 3 - 1, 96],
    ['a stride below a row', 32, 32, 32 * 32 * 3, 95],
    ['no size', 0, 32, 32 * 32 * 3, 96],
  ])('scale() rejects %s', async (_, width, height, bytes, stride) => {
    using frame = flatFrame(64, 48, [235, 128, 128]);
    using scaler = codecs.newScaler();
    const scaling = scaler.scale(frame, width, height, new Uint8Array(bytes), stride);
    await expect(scaling).rejects.toMatchObject({ code: 'codec-failed' });
  });

  it('scale() keeps the frame alive by itself, and close() waits for it', async () => {
    const frame = flatFrame(640, 480, [235, 128, 128]);
    const scaler = codecs.newScaler();
    const target = new Uint8Array(64 * 64 * 3).fill(7);
    const scaling = scaler.scale(frame, 64, 64, target, 192);
    frame.close();
    await expect(scaler.scale(frame, 64, 64, target, 192)).rejects.toMatchObject({ code: 'codec-failed' });
    scaler.close();
    await scaling;
    expect(target.every((byte) => byte === 7)).toBe(true);
  });
});
