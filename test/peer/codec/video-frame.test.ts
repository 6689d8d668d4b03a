import { expect, it } from 'vitest';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import { packed } from '../../support/pictures.ts';
import { describeCodecs, expectNothingLeft } from './implementations.ts';

const grey = [100, 128, 128] as const;

describeCodecs('VideoFrame', ({ codecs, flatFrame, name }) => {
  it('share() gives the same planes without a copy, and both close on their own', async () => {
    const first = flatFrame(64, 48, grey);
    const second = first.share();
    const [luma] = first.picture.planes;
    luma[0] = 7;
    expect(second.picture.planes[0][0]).toBe(7);
    expect(second.timestamp).toBe(first.timestamp);
    first.close();
    expect(second.picture.planes[0][0]).toBe(7);
    second.close();
    await expectNothingLeft(codecs);
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

  it('close() empties the views taken before, so that they cannot reach the planes of a later frame', () => {
    const frame = flatFrame(64, 48, grey);
    const [luma] = frame.picture.planes;
    frame.close();
    expect(luma.length).toBe(0);
    luma[0] = 9;
  });

  // Views of JavaScript's memory are views of all that share it: there they last as long as the last frame.
  it.runIf(name === 'node-av').each([
    ['close()', (frame: VideoFrame) => frame.close()],
    ['makeWritable() that copies', (frame: VideoFrame) => frame.makeWritable()],
  ])('%s empties the views even while another frame has the planes (node-av alone)', (_, act) => {
    using frame = flatFrame(64, 48, grey);
    using other = frame.share();
    const [luma] = frame.picture.planes;
    act(frame);
    expect(luma.length).toBe(0);
    luma[0] = 9;
    expect(other.picture.planes[0][0]).toBe(100);
  });

  it('close() is idempotent, and a closed frame refuses to be used', () => {
    const frame = codecs.allocateFrame(64, 48, 5);
    frame.close();
    frame.close();
    expect(codecs.live).toBe(0);
    expect(() => frame.picture).toThrow(/frame: it is closed/);
    expect(() => frame.share()).toThrow(expect.objectContaining({ code: 'codec-failed' }));
  });

  it.each([
    [641, 479],
    [2, 2],
    [1, 1],
  ])('picture of %i×%i has planes of ceil(size / 2) in their strides', (width, height) => {
    using frame = codecs.allocateFrame(width, height, 0);
    const { planes, strides } = frame.picture;
    expect(planes[0].length).toBeGreaterThanOrEqual(strides[0] * (height - 1) + width);
    for (const i of [1, 2] as const) {
      const rows = Math.ceil(height / 2);
      expect(planes[i].length).toBeGreaterThanOrEqual(strides[i] * (rows - 1) + Math.ceil(width / 2));
    }
  });
});
