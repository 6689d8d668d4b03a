import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NutPacket, NutReader } from '../../../../peer/codec/process/nut-reader.ts';
import { processCodecs } from '../implementations.ts';

const program = process.env['FFMPEG_PATH'] ?? 'ffmpeg';

const x264 = ['-c:v', 'libx264', '-tune', 'zerolatency', '-g', '15', '-flags:v', '-global_header'];

/** Bytes of a film as ffmpeg writes them. */
function film(format: string, ...output: string[]): Buffer {
  const source = ['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=30', '-frames:v', '40'];
  return execFileSync(program, [
    '-v',
    'error',
    ...source,
    '-pix_fmt',
    'yuv420p',
    ...output,
    '-f',
    format,
    '-',
  ]);
}

function read(bytes: Uint8Array, sizes: readonly number[]): NutPacket[] {
  const reader = new NutReader((length) => new Uint8Array(length), 100_000);
  const packets: NutPacket[] = [];
  let at = 0;
  for (let n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? bytes.length;
    packets.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return packets;
}

describe.skipIf(!processCodecs)('NutReader (needs an ffmpeg program)', () => {
  const raw = () => film('nut', '-c:v', 'rawvideo');
  const coded = () => film('nut', ...x264);

  it('push() gives each picture whole, with its time', () => {
    const packets = read(raw(), [65_536]);
    expect(packets.map(({ time }) => Math.round(time * 30))).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(new Set(packets.map(({ data }) => data.length))).toEqual(new Set([(64 * 48 * 3) / 2]));
  });

  it('push() puts back what was left out of short packets, and tells which are key frames', () => {
    const packets = read(coded(), [1000]);
    expect(packets.flatMap(({ keyframe }, n) => (keyframe ? [n] : []))).toEqual([0, 15, 30]);
    expect(Buffer.concat(packets.map(({ data }) => data)).equals(film('h264', ...x264))).toBe(true);
  });

  it('push() gives the same however the bytes are cut', () => {
    const [rawBytes, codedBytes] = [raw(), coded()];
    const [wholeRaw, wholeCoded] = [read(rawBytes, [1e9]), read(codedBytes, [1e9])];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 9 }), (sizes) => {
        expect(read(rawBytes, sizes)).toEqual(wholeRaw);
        expect(read(codedBytes, sizes)).toEqual(wholeCoded);
      }),
      { numRuns: 30 },
    );
  });

  it('push() takes no frame that is larger than any can be', () => {
    const reader = new NutReader((length) => new Uint8Array(length), 1000);
    expect(() => reader.push(raw())).toThrow(/frame of 4608 bytes/);
  });

  it('push() throws at what is not NUT, and never hangs', () => {
    expect(() => read(new Uint8Array(200).fill(1), [50])).toThrow(/before its header/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        try {
          read(Buffer.concat([raw().subarray(0, 120), bytes]), [500]);
        } catch (error) {
          expect(String(error)).toMatch(/Expected NUT/);
        }
      }),
      { numRuns: 5 },
    );
  });
});
