import { expect, it } from 'vitest';
import { describeCodecs } from './implementations.ts';
import { encodeSequence } from './sequences.ts';

describeCodecs('Codecs', ({ codecs, name }) => {
  it.each(['VP8', 'H264'] as const)(
    '%s: 300 frames through decode, scale, draw and encode leave nothing',
    async (codec) => {
      const size = { width: 640, height: 480 };
      const units = await encodeSequence({ codec, ...size }, 10);
      const target = new Uint8Array(new SharedArrayBuffer(416 * 312 * 3));
      const decoder = await codecs.openDecoder(codec);
      const encoder = await codecs.openEncoder({ codec, ...size, bitrate: 1_000_000 });
      const scaler = codecs.newScaler();
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
        expect(codecs.live).toBeLessThan(16);
      }
      expect(process.memoryUsage.rss()).toBeLessThan(settled * 1.25);
      for (const part of [decoder, encoder, scaler]) part.close();
    },
  );

  it('200 openings leave nothing', async () => {
    let settled = 0;
    for (let n = 0; n < 200; n += 1) {
      const codec = n % 2 ? 'VP8' : 'H264';
      using encoder = await codecs.openEncoder({ codec, width: 320, height: 240, bitrate: 300_000 });
      using decoder = await codecs.openDecoder(codec);
      expect([encoder.width, codecs.live]).toEqual([320, name === 'node-av' ? 4 : 0]);
      decoder.close();
      if (n === 40) settled = process.memoryUsage.rss();
    }
    expect(process.memoryUsage.rss()).toBeLessThan(settled * 1.25);
  });

  it('info names the library or the program, and its FFmpeg', () => {
    const expected =
      name === 'node-av'
        ? /^node-av \d+\.\d+\.\d+ \(FFmpeg \d+\.\d+.*\)$/
        : /^ffmpeg process \S+ \(.*ffmpeg.*\)$/;
    expect(codecs.info).toMatch(expected);
  });
});
