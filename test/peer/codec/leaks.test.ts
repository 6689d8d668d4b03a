import { expect, it } from 'vitest';
import { codecInfo } from '../../../peer/codec/codec-info.ts';
import { VideoDecoder } from '../../../peer/codec/decoder.ts';
import { VideoEncoder } from '../../../peer/codec/encoder.ts';
import { liveNatives } from '../../../peer/codec/natives.ts';
import { Scaler } from '../../../peer/codec/scaler.ts';
import { liveFrames } from '../../../peer/codec/video-frame.ts';
import { encodeSequence } from './sequences.ts';

it.each(['VP8', 'H264'] as const)(
  '%s: 300 frames through decode, scale, draw and encode leave nothing',
  async (codec) => {
    const size = { width: 640, height: 480 };
    const units = await encodeSequence({ codec, ...size }, 10);
    const target = new Uint8Array(new SharedArrayBuffer(416 * 312 * 3));
    const decoder = await VideoDecoder.open(codec);
    const encoder = await VideoEncoder.open({ codec, ...size, bitrate: 1_000_000 });
    const scaler = new Scaler();
    let settled = 0;
    for (let n = 0; n < 300; n += 1) {
      const unit = units[n % units.length];
      if (!unit) throw new Error('No units');
      using frame = await decoder.decode(unit);
      if (!frame) throw new Error('No frame');
      const shared = frame.share();
      const scaling = scaler.scale(shared, 416, 312, target, 416 * 3).finally(() => shared.close());
      frame.makeWritable();
      frame.picture.planes[0].fill(n % 200, 0, 1000);
      await encoder.encode(frame, { keyframe: false });
      await scaling;
      if (n === 100) settled = process.memoryUsage.rss();
      expect(liveNatives()).toBeLessThan(16);
    }
    expect(process.memoryUsage.rss()).toBeLessThan(settled * 1.25);
    for (const part of [decoder, encoder, scaler]) part.close();
    expect([liveFrames(), liveNatives()]).toEqual([0, 0]);
  },
);

it('200 openings leave nothing', async () => {
  let settled = 0;
  for (let n = 0; n < 200; n += 1) {
    const codec = n % 2 ? 'VP8' : 'H264';
    using encoder = await VideoEncoder.open({ codec, width: 320, height: 240, bitrate: 300_000 });
    using decoder = await VideoDecoder.open(codec);
    expect([encoder.width, liveNatives()]).toEqual([320, 4]);
    decoder.close();
    if (n === 40) settled = process.memoryUsage.rss();
  }
  expect(process.memoryUsage.rss()).toBeLessThan(settled * 1.25);
  expect(liveNatives()).toBe(0);
});

it('codecInfo() names the library and its FFmpeg', () => {
  expect(codecInfo()).toMatch(/^node-av \d+\.\d+\.\d+ \(FFmpeg \d+\.\d+.*\)$/);
});
