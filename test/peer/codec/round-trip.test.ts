import { describe, expect, it } from 'vitest';
import type { EncodedFrame } from '../../../peer/codec/encoder.ts';
import { evenDown } from '../../../peer/codec/encoder.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import type { IncomingCodec } from '../../../peer/rtp/packet.ts';
import { lumaPsnr, packed, syntheticFrame } from '../../support/pictures.ts';
import { describeCodecs } from './implementations.ts';
import { decodeSequence, encodeSequence } from './sequences.ts';

const names = ['VP8', 'H264', 'VP9', 'AV1'] as const;
const sizes = [
  [640, 480],
  [320, 180],
  [641, 479],
  [1280, 720],
] as const;

/** VideoEncoder cuts an odd last row and column off. */
function codedSize(codec: IncomingCodec, width: number, height: number) {
  if (codec === 'VP9' || codec === 'AV1') return { width, height };
  return { width: evenDown(width), height: evenDown(height) };
}

describeCodecs('a round trip', ({ codecs }) =>
  describe.each(names)('%s', (codec) => {
    const encode = (
      options: { width: number; height: number; bitrate?: number; threads?: number },
      count: number,
    ) => encodeSequence({ codec, ...options }, count, codecs);
    const decode = (
      units: readonly EncodedFrame[],
      visit: (frame: VideoFrame, n: number) => void,
      threads = 1,
    ) => decodeSequence(codec, units, visit, { threads, codecs });

    it.each(sizes)(
      'the encoder and VideoDecoder carry %i×%i, a frame out for each frame in',
      async (width, height) => {
        const units = await encode({ width, height, bitrate: 2_500_000 }, 8);
        await decode(units, (frame, n) => {
          using original = syntheticFrame(width, height, n);
          expect(frame).toMatchObject({ ...codedSize(codec, width, height), timestamp: n * 3000 });
          expect(lumaPsnr(frame.picture, original.picture)).toBeGreaterThan(32);
        });
      },
    );

    it('VideoDecoder gives the same pictures when every frame is painted over after makeWritable()', async () => {
      const units = await encode({ width: 320, height: 240 }, 20);
      const untouched: Uint8Array[] = [];
      await decode(units, (frame) => untouched.push(packed(frame.picture)));
      await decode(units, (frame, n) => {
        using reader = frame.share();
        frame.makeWritable();
        for (const plane of frame.picture.planes) plane.fill(n);
        expect(Buffer.compare(packed(reader.picture), untouched[n] ?? new Uint8Array())).toBe(0);
        expect(packed(frame.picture).every((sample) => sample === n)).toBe(true);
      });
    });

    it('VideoFrame.close() gives no planes back for the next frame while a shared frame still reads them', async () => {
      const units = await encode({ width: 320, height: 240 }, 4);
      const kept: VideoFrame[] = [];
      await decode(units, (frame, n) => {
        frame.makeWritable();
        for (const plane of frame.picture.planes) plane.fill(n);
        kept.push(frame.share());
      });
      for (const [n, frame] of kept.entries()) {
        expect(packed(frame.picture).every((sample) => sample === n)).toBe(true);
        frame.close();
      }
    });

    it('VideoDecoder follows a change of size in mid-stream', async () => {
      const small = await encode({ width: 320, height: 240 }, 2);
      const large = await encode({ width: 640, height: 360 }, 2);
      const widths: number[] = [];
      await decode([...small, ...large, ...small], ({ width }) => widths.push(width));
      expect(widths).toEqual([320, 320, 640, 640, 320, 320]);
    });

    it.each([1, 2])('VideoDecoder and VideoEncoder agree with %i threads', async (threads) => {
      const units = await encode({ width: 640, height: 480, threads }, 4);
      await decode(units, (frame, n) => {
        using original = syntheticFrame(640, 480, n);
        expect(lumaPsnr(frame.picture, original.picture)).toBeGreaterThan(32);
      });
    });
  }),
);
