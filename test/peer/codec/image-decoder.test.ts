import { expect, it } from 'vitest';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import {
  encodeImage,
  PROGRESSIVE_JPEG,
  pngOf,
  quartersRgba,
  withOrientation,
  YUV,
} from '../../support/images.ts';
import { describeCodecs } from './implementations.ts';

const limits = { maxPixels: 1_000_000 };
const size = { width: 64, height: 48 };
const quarters = { ...size, rgba: quartersRgba(64, 48) };
const names = ['red', 'green', 'blue', 'white', 'black'] as const;

/** The colour nearest to the middle of each quarter, row by row. */
function coloursOf({ width, height, picture: { planes, strides } }: VideoFrame): string[] {
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([x = 0, y = 0]) => {
    const sample = planes.map((plane, index) => {
      const half = index === 0 ? 1 : 2;
      return plane[Math.floor((y * height) / half) * (strides[index] ?? 0) + Math.floor((x * width) / half)];
    });
    const close = names.filter((name) =>
      YUV[name].every((value, index) => Math.abs(value - (sample[index] ?? -99)) <= 6),
    );
    return close[0] ?? `${sample}`;
  });
}

const upright = ['red', 'green', 'blue', 'white'];

describeCodecs('Codecs', ({ codecs }) => {
  it.each(['jpeg', 'png', 'webp'] as const)(
    'decodeImage() gives a %s as I420 in limited range',
    async (format) => {
      using frame = await codecs.decodeImage(await encodeImage(format, quarters), limits);
      expect(frame).toMatchObject({ ...size, timestamp: 0, matrix: 'bt601', isWritable: true });
      expect(coloursOf(frame)).toEqual(upright);
    },
  );

  it('decodeImage() takes a progressive JPEG', async () => {
    using frame = await codecs.decodeImage(PROGRESSIVE_JPEG, limits);
    expect(coloursOf(frame)).toEqual(upright);
  });

  it('decodeImage() takes an odd size', async () => {
    const odd = { width: 33, height: 17, rgba: quartersRgba(33, 17) };
    using frame = await codecs.decodeImage(await encodeImage('png', odd), limits);
    expect([frame.width, frame.height]).toEqual([33, 17]);
    expect(frame.picture.planes[1].length).toBeGreaterThanOrEqual(17 * 9);
  });

  it.each(['png', 'webp'] as const)(
    'decodeImage() lays what is transparent in a %s on black',
    async (format) => {
      const bytes = await encodeImage(format, { ...size, rgba: quartersRgba(64, 48, 0) });
      using frame = await codecs.decodeImage(bytes, limits);
      const [red, green, blue, last] = coloursOf(frame);
      expect([red, green, blue]).toEqual(upright.slice(0, 3));
      expect(last).not.toBe('white');
      expect(frame.picture.planes[0][40 * frame.picture.strides[0] + 50]).toBeLessThanOrEqual(17);
    },
  );

  it('decodeImage() lays what is transparent in a palette on black', async () => {
    const palette: [string, Uint8Array][] = [
      ['PLTE', new Uint8Array([255, 0, 0, 255, 255, 255])],
      ['tRNS', new Uint8Array([255, 0])],
    ];
    // Eight indices a row, behind the byte that says how the row is filtered.
    const rows = Buffer.from(Array.from({ length: 8 }, () => [0, 0, 0, 0, 0, 1, 1, 1, 1]).flat());
    const bytes = pngOf({ width: 8, height: 8, depth: 8, colourType: 3 }, rows, palette);
    using frame = await codecs.decodeImage(bytes, limits);
    expect(coloursOf(frame)).toEqual(['red', 'black', 'red', 'black']);
  });

  it('decodeImage() takes grey and single bits', async () => {
    const grey = pngOf({ width: 2, height: 2, depth: 8, colourType: 0 }, Buffer.from([0, 0, 255, 0, 255, 0]));
    const bits = pngOf({ width: 2, height: 2, depth: 1, colourType: 0 }, Buffer.from([0, 0x40, 0, 0x80]));
    for (const bytes of [grey, bits]) {
      using frame = await codecs.decodeImage(bytes, limits);
      const [luma, stride] = [frame.picture.planes[0], frame.picture.strides[0]];
      const found = [luma[0], luma[1], luma[stride], luma[stride + 1]];
      expect(found).toEqual([16, 235, 235, 16]);
    }
  });

  it.each([
    [1, upright],
    [2, ['green', 'red', 'white', 'blue']],
    [3, ['white', 'blue', 'green', 'red']],
    [4, ['blue', 'white', 'red', 'green']],
    [5, ['red', 'blue', 'green', 'white']],
    [6, ['blue', 'red', 'white', 'green']],
    [7, ['white', 'green', 'blue', 'red']],
    [8, ['green', 'white', 'red', 'blue']],
  ])('decodeImage() turns a JPEG of orientation %i upright', async (orientation, expected) => {
    const bytes = withOrientation(await encodeImage('jpeg', quarters), orientation);
    using frame = await codecs.decodeImage(bytes, limits);
    expect(coloursOf(frame)).toEqual(expected);
    expect(frame.width).toBe(orientation > 4 ? 48 : 64);
  });

  it('decodeImage() tells samples that cannot be decoded', async () => {
    const bytes = await encodeImage('png', quarters);
    const idat = bytes.indexOf('IDAT');
    bytes.fill(0xff, idat + 4, bytes.indexOf('IEND') - 8);
    await expect(codecs.decodeImage(bytes, limits)).rejects.toMatchObject({ code: 'image-invalid' });
  });

  it('decodeImage() takes a picture whose frame is larger than its header for none', async () => {
    const bytes = Buffer.from(await encodeImage('jpeg', quarters));
    const header = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    // A second frame header, of 4096×4096, behind the first.
    const second = Buffer.from(bytes.subarray(header, header + 19));
    second.writeUInt16BE(4096, 5);
    second.writeUInt16BE(4096, 7);
    const both = Buffer.concat([bytes.subarray(0, header), second, bytes.subarray(header)]);
    await expect(codecs.decodeImage(both, limits)).rejects.toMatchObject({ code: 'image-invalid' });
  });
});
