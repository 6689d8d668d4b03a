import { AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV444P10LE } from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import { VideoReceiver } from '../../../peer/rtp/video-receiver.ts';
import { ForeignEncoder } from '../../support/foreign-encoder.ts';
import { packetizerOf } from '../../support/foreign-packetizer.ts';
import { lumaPsnr, syntheticFrame } from '../../support/pictures.ts';
import { describeCodecs } from './implementations.ts';
import { decodeSequence, encodeSequence } from './sequences.ts';

describeCodecs('what is taken in', ({ codecs }) => {
  describe.each(['VP8', 'H264', 'VP9', 'AV1'] as const)('%s', (codec) => {
    it.each([1, 2, 4])('VideoDecoder holds no frame back with %i threads', async (threads) => {
      const units = await encodeSequence({ codec, width: 640, height: 480 }, 10);
      const timestamps: number[] = [];
      await decodeSequence(codec, units, ({ timestamp }) => timestamps.push(timestamp), { threads, codecs });
      expect(timestamps).toEqual(units.map(({ timestamp }) => timestamp));
    });

    it('a camera that is turned reaches the decoder through packets, VideoReceiver and VideoDecoder', async () => {
      const sizes = [
        [640, 480],
        [480, 640],
        [320, 240],
        [640, 480],
      ] as const;
      const receiver = new VideoReceiver(codec);
      const packetizer = packetizerOf(codec, 1150);
      using decoder = await codecs.openDecoder(codec);
      let sequenceNumber = 65_530;
      let timestamp = 0xffff_f000;
      for (const [width, height] of sizes) {
        for (const [n, { data }] of (await encodeSequence({ codec, width, height }, 4)).entries()) {
          const events = packetizer.packetize(data).flatMap(({ payload, marker }) => {
            const packet = { sequenceNumber, timestamp, marker, payload };
            sequenceNumber = (sequenceNumber + 1) & 0xffff;
            return receiver.push(packet, 0);
          });
          expect(events).toMatchObject([{ type: 'frame', unit: { keyframe: n === 0, timestamp } }]);
          const [event] = events;
          if (event?.type !== 'frame') continue;
          using frame = await decoder.decode(event.unit);
          using original = syntheticFrame(width, height, n);
          expect(frame).toMatchObject({ width, height, timestamp });
          expect(frame && lumaPsnr(frame.picture, original.picture)).toBeGreaterThan(32);
          timestamp = (timestamp + 3000) % 2 ** 32;
        }
      }
      expect(receiver.stats()).toMatchObject({ keyframes: 4, framesBroken: 0, packetsMalformed: 0 });
    });
  });

  it.each([
    ['VP9', '8 bits 4:4:4 (profile 1)', AV_PIX_FMT_YUV444P],
    ['VP9', '10 bits 4:2:0 (profile 2)', AV_PIX_FMT_YUV420P10LE],
    ['VP9', '10 bits 4:4:4 (profile 3)', AV_PIX_FMT_YUV444P10LE],
    ['AV1', '10 bits 4:2:0', AV_PIX_FMT_YUV420P10LE],
  ] as const)('VideoDecoder makes I420 of %s with %s', async (codec, _, pixelFormat) => {
    const size = { width: 320, height: 240 };
    using encoder = await ForeignEncoder.open(codec, { ...size, pixelFormat });
    using decoder = await codecs.openDecoder(codec);
    const receiver = new VideoReceiver(codec);
    const packetizer = packetizerOf(codec, 1150);
    let sequenceNumber = 0;
    for (let n = 0; n < 3; n += 1) {
      using original = syntheticFrame(size.width, size.height, n);
      const { data, timestamp } = await encoder.encode(original);
      const [event] = packetizer
        .packetize(data)
        .flatMap((payload) => receiver.push({ sequenceNumber: sequenceNumber++, timestamp, ...payload }, 0));
      if (event?.type !== 'frame') throw new Error(`Frame ${n} did not come through`);
      using frame = await decoder.decode(event.unit);
      expect(frame && lumaPsnr(frame.picture, original.picture)).toBeGreaterThan(32);
    }
  });
});
