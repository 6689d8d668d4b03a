import {
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, Packet, Rational } from 'node-av/lib';
import { expect, it } from 'vitest';
import { FramePool } from '../../../peer/codec/native/frame-pool.ts';
import { isLimitedI420, LimitedRange } from '../../../peer/codec/native/limited-range.ts';
import { liveNatives, nativeFrame } from '../../../peer/codec/native/natives.ts';
import { NativeVideoFrame } from '../../../peer/codec/native/video-frame.ts';
import { describeCodecs } from './implementations.ts';

it.each([
  ['yuvj420p', AV_PIX_FMT_YUVJ420P],
  ['yuv444p in full range', AV_PIX_FMT_YUV444P],
])('LimitedRange.convert() turns %s into I420 in limited range', async (_, format) => {
  const source = nativeFrame();
  Object.assign(source.value, { width: 64, height: 48, format, colorRange: AVCOL_RANGE_JPEG });
  source.value.getBuffer();
  const pool = new FramePool();
  const limited = new LimitedRange(pool);
  for (const [full, expected] of [
    [255, 235],
    [0, 16],
  ] as const) {
    for (const [i, plane] of (source.value.data ?? []).entries()) plane.fill(i === 0 ? full : 128);
    expect(isLimitedI420(source.value)).toBe(false);
    const held = await limited.convert(source.value);
    expect(isLimitedI420(held.value)).toBe(true);
    using frame = new NativeVideoFrame(held, 0, { pool, pooled: true });
    expect(Math.abs((frame.picture.planes[0][65] ?? 0) - expected)).toBeLessThanOrEqual(1);
    expect(frame.picture.planes[1][0]).toBe(128);
  }
  limited.close();
  pool.close();
  source.release();
  expect(liveNatives()).toBe(0);
});

/** One H.264 key frame in full range, all of it white, as some phones send. */
async function fullRangeUnit(): Promise<Uint8Array> {
  const white = nativeFrame();
  const size = { width: 64, height: 48 };
  Object.assign(white.value, { ...size, format: AV_PIX_FMT_YUVJ420P, colorRange: AVCOL_RANGE_JPEG, pts: 0n });
  white.value.getBuffer();
  for (const [i, plane] of (white.value.data ?? []).entries()) plane.fill(i === 0 ? 255 : 128);
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  using context = new CodecContext();
  using packet = new Packet();
  packet.alloc();
  context.allocContext3(codec);
  Object.assign(context, { ...size, pixelFormat: AV_PIX_FMT_YUVJ420P, colorRange: AVCOL_RANGE_JPEG });
  context.timeBase = new Rational(1, 30);
  using settings = Dictionary.fromObject({ tune: 'zerolatency' });
  await context.open2(codec, settings);
  await context.sendFrame(white.value);
  await context.sendFrame(null);
  await context.receivePacket(packet);
  white.release();
  return new Uint8Array(packet.data ?? []);
}

describeCodecs('VideoDecoder', ({ codecs }) => {
  it('gives limited range where the stream is in full range', async () => {
    using decoder = await codecs.openDecoder('H264');
    using frame = await decoder.decode({ data: await fullRangeUnit(), timestamp: 77 });
    expect(frame?.timestamp).toBe(77);
    expect(Math.abs((frame?.picture.planes[0][0] ?? 0) - 235)).toBeLessThanOrEqual(2);
  });
});
