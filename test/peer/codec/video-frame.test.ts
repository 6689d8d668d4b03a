import { describe, expect, it } from 'vitest';
import { liveNatives } from '../../../peer/codec/natives.ts';
import { liveFrames, VideoFrame } from '../../../peer/codec/video-frame.ts';
import { flatFrame, packed } from '../../support/pictures.ts';

const grey = [100, 128, 128] as const;

describe('VideoFrame', () => {
  it('share() gives the same planes without a copy, and both close on their own', () => {
    const first = flatFrame(64, 48, grey);
    const second = first.share();
    const [luma] = first.picture.planes;
    luma[0] = 7;
    expect(second.picture.planes[0][0]).toBe(7);
    expect(second.timestamp).toBe(first.timestamp);
    first.close();
    expect(second.picture.planes[0][0]).toBe(7);
    second.close();
    expect([liveFrames(), liveNatives()]).toEqual([0, 0]);
  });

  it('makeWritable() separates a shared frame: neither sees what is written in the other', () => {
    using first = flatFrame(64, 48, grey);
    using second = first.share();
    const before = packed(first.picture);
    second.makeWritable();
    for (const plane of second.picture.planes) plane.fill(1);
    expect(packed(first.picture)).toEqual(before);
    for (const plane of first.picture.planes) plane.fill(2);
    expect(packed(second.picture).every((sample) => sample === 1)).toBe(true);
  });

  it('makeWritable() copies nothing where the frame is alone', () => {
    using frame = flatFrame(64, 48, grey);
    const { picture } = frame;
    frame.makeWritable();
    expect(frame.picture).toBe(picture);
    const other = frame.share();
    expect(frame.isWritable).toBe(false);
    other.close();
    expect(frame.isWritable).toBe(true);
  });

  it.each([
    ['close()', (frame: VideoFrame) => frame.close()],
    ['makeWritable() that copies', (frame: VideoFrame) => frame.makeWritable()],
  ])('%s empties the views taken before, so that they cannot reach freed memory', (_, act) => {
    using frame = flatFrame(64, 48, grey);
    using other = frame.share();
    const [luma] = frame.picture.planes;
    act(frame);
    expect(luma.length).toBe(0);
    luma[0] = 9;
    expect(other.picture.planes[0][0]).toBe(100);
  });

  it('close() is idempotent, and a closed frame refuses to be used', () => {
    const frame = VideoFrame.allocate(64, 48, 5);
    frame.close();
    frame.close();
    expect(liveFrames()).toBe(0);
    expect(() => frame.picture).toThrow(/frame: it is closed/);
    expect(() => frame.share()).toThrow(expect.objectContaining({ code: 'codec-failed' }));
  });

  it.each([
    [641, 479],
    [2, 2],
    [1, 1],
  ])('picture of %i×%i has planes of ceil(size / 2) in their strides', (width, height) => {
    using frame = VideoFrame.allocate(width, height, 0);
    const { planes, strides } = frame.picture;
    expect(planes[0].length).toBeGreaterThanOrEqual(strides[0] * (height - 1) + width);
    for (const i of [1, 2] as const) {
      const rows = Math.ceil(height / 2);
      expect(planes[i].length).toBeGreaterThanOrEqual(strides[i] * (rows - 1) + Math.ceil(width / 2));
    }
  });
});
