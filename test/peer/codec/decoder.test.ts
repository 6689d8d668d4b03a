import { describe, expect, it } from 'vitest';
import type { IncomingCodec } from '../../../peer/rtp/packet.ts';
import { describeCodecs } from './implementations.ts';
import { encodeSequence } from './sequences.ts';

const names = ['VP8', 'H264', 'VP9', 'AV1'] as const;
const size = { width: 320, height: 240 };

/** The same bytes in every run (xorshift32). */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

/** A key frame whose first bytes, by which a decoder is set up, are right, and the others noise. */
function damaged(codec: IncomingCodec, key: Uint8Array): Uint8Array {
  if (codec === 'AV1') {
    // To AV1 noise is mostly units of types that it does not know. This is a frame that breaks off.
    return Buffer.concat([key.subarray(0, key.indexOf(0x32)), Uint8Array.of(0x32, 2, 0x10, 0)]);
  }
  const header = codec === 'H264' ? Buffer.from(key).indexOf(Uint8Array.of(0, 0, 1, 0x65)) + 4 : 12;
  return Buffer.concat([key.subarray(0, header), noise(400, 3)]);
}

describeCodecs('VideoDecoder', ({ codecs, name }) =>
  describe.each(names)('%s', (codec) => {
    it('survives noise and cut units, and decodes the next key frame', async () => {
      const [key, delta] = await encodeSequence({ codec, ...size }, 2);
      if (!key || !delta) throw new Error('No units');
      using decoder = await codecs.openDecoder(codec);
      const outcomes: string[] = [];
      const attempt = async (data: Uint8Array) => {
        try {
          using frame = await decoder.decode({ data, timestamp: 0 });
          outcomes.push(frame ? 'frame' : 'nothing');
        } catch (error) {
          expect(error).toMatchObject({ code: 'codec-failed' });
          outcomes.push('error');
        }
      };
      // What a process complains of takes it a grace period.
      const step = name === 'node-av' ? 1 : 5;
      await attempt(delta.data);
      for (let seed = 1; seed <= 60; seed += step) await attempt(noise(seed * 23, seed));
      for (let part = 1; part < 24; part += step) {
        await attempt(key.data.subarray(0, Math.ceil((key.data.length * part) / 24)));
        await attempt(delta.data.subarray(0, Math.ceil((delta.data.length * part) / 24)));
        await attempt(Uint8Array.from(key.data, (byte, i) => (i % 97 === part ? byte ^ 0xff : byte)));
      }
      expect(outcomes).toContain('error');
      using frame = await decoder.decode(key);
      expect([frame?.width, frame?.height]).toEqual([320, 240]);
    });

    it('rejects with the words of FFmpeg as the cause', async () => {
      const [key] = await encodeSequence({ codec, ...size }, 1);
      using decoder = await codecs.openDecoder(codec);
      const data = damaged(codec, key?.data ?? new Uint8Array());
      await expect(decoder.decode({ data, timestamp: 0 })).rejects.toMatchObject({
        code: 'codec-failed',
        message: expect.stringContaining(`decode a ${codec} unit of ${data.length} bytes`),
        cause: expect.objectContaining({ message: expect.stringMatching(/invalid|error/i) }),
      });
    });

    it('rejects an empty unit, and does not take it for the end of the stream', async () => {
      const [key] = await encodeSequence({ codec, ...size }, 1);
      if (!key) throw new Error('No units');
      using decoder = await codecs.openDecoder(codec);
      await expect(decoder.decode({ data: new Uint8Array(), timestamp: 0 })).rejects.toThrow(/found 0 bytes/);
      using frame = await decoder.decode(key);
      expect(frame?.width).toBe(320);
    });

    it('copies the unit at once: its bytes may be reused while it is decoded', async () => {
      const [key] = await encodeSequence({ codec, ...size }, 1);
      if (!key) throw new Error('No units');
      using decoder = await codecs.openDecoder(codec);
      const data = Uint8Array.from(key.data);
      const decoding = decoder.decode({ data, timestamp: 9 });
      data.fill(0);
      using frame = await decoding;
      expect([frame?.width, frame?.timestamp]).toEqual([320, 9]);
    });

    it('refuses a second call while one is running', async () => {
      const [key] = await encodeSequence({ codec, ...size }, 1);
      if (!key) throw new Error('No units');
      using decoder = await codecs.openDecoder(codec);
      const first = decoder.decode(key);
      await expect(decoder.decode(key)).rejects.toThrow(/one call at a time/);
      using frame = await first;
      expect(frame?.width).toBe(320);
    });

    it('close() during a call frees only after it, and frames given before stay valid', async () => {
      const [key, delta] = await encodeSequence({ codec, ...size }, 2);
      if (!key || !delta) throw new Error('No units');
      const decoder = await codecs.openDecoder(codec);
      using frame = await decoder.decode(key);
      const decoding = decoder.decode(delta);
      decoder.close();
      decoder.close();
      expect(await decoding).toBeUndefined();
      frame?.makeWritable();
      frame?.picture.planes[0].fill(1);
      await expect(decoder.decode(key)).rejects.toThrow(/decoder: it is closed/);
    });
  }),
);
