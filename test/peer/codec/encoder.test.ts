import { describe, expect, it } from 'vitest';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import { createPacketizer } from '../../../peer/rtp/packetizer.ts';
import { VideoReceiver } from '../../../peer/rtp/video-receiver.ts';
import { lumaPsnr } from '../../support/pictures.ts';
import { describeCodecs } from './implementations.ts';
import { encodeSequence } from './sequences.ts';

const names = ['VP8', 'H264'] as const;
const vga = { width: 640, height: 480, bitrate: 1_000_000 };

/** Types of the NAL units in Annex B data (H.264, table 7-1). */
function nalTypes(data: Uint8Array): number[] {
  const types: number[] = [];
  for (let i = 0; i + 3 < data.length; i += 1) {
    if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1) types.push((data[i + 3] ?? 0) & 0x1f);
  }
  return types;
}

/** Fills the luma with texture that has nothing in common with that of another `n`. */
function scramble(frame: VideoFrame, n: number): void {
  const { height, planes, strides } = frame.picture;
  for (let y = 0; y < height; y += 1) {
    const row = planes[0].subarray(y * strides[0], (y + 1) * strides[0]);
    for (let x = 0; x < row.length; x += 1)
      row[x] = 60 + ((x * 3 + y * 5 + n * 40 + ((x * y * n) % 20)) % 120);
  }
}

describeCodecs('VideoEncoder', ({ codecs, flatFrame, syntheticFrame }) => {
  describe.each(names)('%s', (codec) => {
    it('makes key frames when asked and at no other time', async () => {
      using encoder = await codecs.openEncoder({ codec, ...vga });
      const keyframes: boolean[] = [];
      for (let n = 0; n < 12; n += 1) {
        // A new scene in the middle tempts the encoder to make one of its own.
        using frame = n < 4 ? syntheticFrame(640, 480, n) : flatFrame(640, 480, [60 + n, 90, 170]);
        const unit = await encoder.encode(frame, { keyframe: n === 0 || n === 7 });
        keyframes.push(unit?.keyframe ?? false);
      }
      expect(keyframes.map((keyframe, n) => (keyframe ? n : -1)).filter((n) => n >= 0)).toEqual([0, 7]);
    });

    it('lets a decoder begin at a key frame in mid-stream', async () => {
      using encoder = await codecs.openEncoder({ codec, ...vga });
      using decoder = await codecs.openDecoder(codec);
      for (let n = 0; n < 6; n += 1) {
        using frame = syntheticFrame(640, 480, n);
        const unit = await encoder.encode(frame, { keyframe: n === 0 || n === 3 });
        if (!unit || n < 3) continue;
        using decoded = await decoder.decode(unit);
        expect(decoded?.timestamp).toBe(n * 3000);
      }
    });

    it('keeps the bitrate in the second in which a still picture turns into the hardest there is', async () => {
      using encoder = await codecs.openEncoder({ codec, ...vga, bitrate: 300_000 });
      let bits = 0;
      for (let n = 0; n < 60; n += 1) {
        using frame = syntheticFrame(640, 480, 0, n * 3000);
        if (n >= 30) scramble(frame, n);
        const unit = await encoder.encode(frame, { keyframe: n === 0 });
        if (n >= 30) bits += (unit?.data.length ?? 0) * 8;
      }
      // Unbounded it is five to eight times the rate. The first such frame alone takes VP8 two and a half times it.
      expect(bits).toBeLessThan(300_000 * 3);
    });

    it('carries timestamps over the 32-bit wrap', async () => {
      using encoder = await codecs.openEncoder({ codec, ...vga });
      using decoder = await codecs.openDecoder(codec);
      for (const [n, timestamp] of [0xffff_f448, 0, 3000, 6000].entries()) {
        using frame = syntheticFrame(640, 480, n, timestamp);
        const unit = await encoder.encode(frame, { keyframe: n === 0 });
        expect(unit?.timestamp).toBe(timestamp);
        using decoded = unit && (await decoder.decode(unit));
        expect(decoded?.timestamp).toBe(timestamp);
      }
    });

    it('refuses a frame of another size and goes on with the right one', async () => {
      using encoder = await codecs.openEncoder({ codec, ...vga });
      using wrong = syntheticFrame(320, 240, 0);
      using right = syntheticFrame(640, 480, 0);
      expect([encoder.fits(wrong), encoder.fits(right)]).toEqual([false, true]);
      await expect(encoder.encode(wrong, { keyframe: true })).rejects.toMatchObject({
        code: 'codec-failed',
        message: expect.stringContaining('expected a frame of 640×480, found one of 320×240'),
      });
      expect((await encoder.encode(right, { keyframe: true }))?.keyframe).toBe(true);
    });

    it('leaves the frame as it was, and the frame may be closed while it is encoded', async () => {
      using encoder = await codecs.openEncoder({ codec, ...vga });
      const frame = syntheticFrame(640, 480, 0);
      const encoding = encoder.encode(frame, { keyframe: true });
      frame.close();
      expect((await encoding)?.data.length).toBeGreaterThan(100);
    });

    it('refuses a second call while one is running', async () => {
      using encoder = await codecs.openEncoder({ codec, ...vga });
      using frame = syntheticFrame(640, 480, 0);
      const first = encoder.encode(frame, { keyframe: true });
      await expect(encoder.encode(frame, { keyframe: false })).rejects.toThrow(/one call at a time/);
      expect((await first)?.keyframe).toBe(true);
    });

    it('close() during a call frees only after it, and gives nothing out', async () => {
      const encoder = await codecs.openEncoder({ codec, ...vga });
      const frame = syntheticFrame(640, 480, 0);
      const encoding = encoder.encode(frame, { keyframe: true });
      encoder.close();
      encoder.close();
      frame.close();
      expect(await encoding).toBeUndefined();
      await expect(encoder.encode(frame, { keyframe: true })).rejects.toMatchObject({ code: 'codec-failed' });
    });

    it('open() rejects what the library cannot do', async () => {
      const impossible = codecs.openEncoder({ codec, width: 0, height: 0, bitrate: 1000 });
      await expect(impossible).rejects.toMatchObject({ code: 'codec-failed' });
    });
  });

  describe('H264 alone', () => {
    it('puts SPS and PPS before each key frame, in constrained baseline at level 3.1', async () => {
      const [key, delta] = await encodeSequence({ codec: 'H264', ...vga }, 2, codecs);
      const types = nalTypes(key?.data ?? new Uint8Array());
      expect(types.slice(0, 2)).toEqual([7, 8]);
      expect(types.at(-1)).toBe(5);
      expect(nalTypes(delta?.data ?? new Uint8Array())).toEqual([1]);
      // profile_idc 66, constraint_set0 and 1, level_idc 31 (H.264, 7.3.2.1.1); the start code has four bytes.
      const [profile, constraints = 0, level] = key?.data.subarray(5) ?? [];
      expect([profile, constraints & 0xc0, level]).toEqual([66, 0xc0, 31]);
    });

    it.each(['bt601', 'bt709', undefined] as const)('signals the matrix %s', async (matrix) => {
      const [key] = await encodeSequence({ codec: 'H264', ...vga, matrix }, 1, codecs);
      using decoder = await codecs.openDecoder('H264');
      using frame = key && (await decoder.decode(key));
      expect(frame?.matrix).toBe(matrix);
      using same = await codecs.openEncoder({ codec: 'H264', ...vga, matrix });
      using other = await codecs.openEncoder({ codec: 'H264', ...vga, matrix: matrix ? undefined : 'bt709' });
      expect(frame && [same.fits(frame), other.fits(frame)]).toEqual([true, false]);
    });

    it.each([
      [1150, 4_000_000],
      [800, 2_000_000],
    ])('makes NAL units of at most %i bytes for packetization mode 0', async (maxNalBytes, bitrate) => {
      using encoder = await codecs.openEncoder({ codec: 'H264', ...vga, bitrate, maxNalBytes });
      const packetizer = createPacketizer('H264', { maxPayloadBytes: maxNalBytes, packetizationMode: 0 });
      const receiver = new VideoReceiver('H264');
      using decoder = await codecs.openDecoder('H264');
      using other = await codecs.openDecoder('H264');
      let sequenceNumber = 0;
      for (let n = 0; n < 8; n += 1) {
        using frame = syntheticFrame(640, 480, n);
        if (n % 2 > 0) scramble(frame, n);
        const unit = await encoder.encode(frame, { keyframe: n === 0 || n === 5 });
        const events = packetizer.packetize(unit?.data ?? new Uint8Array()).flatMap((payload) => {
          const packet = { sequenceNumber, timestamp: frame.timestamp, ...payload };
          sequenceNumber += 1;
          return receiver.push(packet, 0);
        });
        const [event] = events;
        using decoded = event?.type === 'frame' ? await decoder.decode(event.unit) : undefined;
        using direct = unit && (await other.decode(unit));
        expect(decoded && direct && lumaPsnr(decoded.picture, direct.picture)).toBeGreaterThan(99);
      }
      expect(sequenceNumber).toBeGreaterThan(8 * 4);
    });
  });
});
