import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../../peer/codec/image-header.ts';
import { encodeImage, PROGRESSIVE_JPEG, pngOf, quartersRgba, withOrientation } from '../../support/images.ts';

const limits = { maxPixels: 10_000 };
const quarters = { width: 64, height: 48, rgba: quartersRgba(64, 48) };
const formats = ['jpeg', 'png', 'webp'] as const;

function codeOf(bytes: Uint8Array, options = limits): string {
  try {
    const { width, height } = readImageHeader(bytes, options);
    return `${width}×${height}`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe('readImageHeader()', () => {
  it.each(formats)('reads size and format of a %s', async (format) => {
    const header = readImageHeader(await encodeImage(format, quarters), limits);
    expect(header).toMatchObject({ format, width: 64, height: 48, orientation: 1 });
  });

  it.each(formats)('tells a %s that is cut short, wherever', async (format) => {
    const bytes = await encodeImage(format, quarters);
    for (let length = 12; length < bytes.length; length += 7)
      expect(codeOf(bytes.subarray(0, length))).toBe('image-invalid');
  });

  it('takes a JPEG with something behind it for whole', async () => {
    const bytes = Buffer.concat([await encodeImage('jpeg', quarters), Buffer.from([0xff, 0xda, 0, 0])]);
    expect(codeOf(bytes)).toBe('64×48');
  });

  it('tells images beyond the limit before anything is allocated', () => {
    const bomb = pngOf({ width: 10_000, height: 10_000, depth: 1, colourType: 0 }, new Uint8Array(1));
    expect(codeOf(bomb)).toBe('image-too-large');
    expect(codeOf(bomb, { maxPixels: 100_000_000 })).toBe('10000×10000');
  });

  it('keeps text that a PNG has with it from the decoder, which would unpack it, whatever comes of it', () => {
    const size = { width: 1, height: 1, depth: 8, colourType: 0 } as const;
    const plain = pngOf(size, Buffer.from([0, 255]));
    const text = Buffer.concat([Buffer.from('c\0\0', 'latin1'), deflateSync(Buffer.alloc(1_000_000))]);
    const { data } = readImageHeader(pngOf(size, Buffer.from([0, 255]), [['zTXt', text]]), limits);
    expect(Buffer.from(data).equals(plain)).toBe(true);
    expect(readImageHeader(plain, limits).data).toBe(plain);
  });

  it('looks at no more parts of a picture than any has', async () => {
    const size = { width: 1, height: 1, depth: 8, colourType: 0 } as const;
    const png = (chunks: number) =>
      codeOf(pngOf(size, Buffer.from([0, 255]), Array(chunks).fill(['tEXt', Buffer.alloc(0)])));
    expect([png(1000), png(70_000)]).toEqual(['1×1', 'image-invalid']);
    const encoded = await encodeImage('jpeg', quarters);
    const jpeg = (...inserted: Buffer[]) =>
      codeOf(Buffer.concat([encoded.subarray(0, 2), ...inserted, encoded.subarray(2)]));
    const comments = (count: number) => Buffer.concat(Array(count).fill(Buffer.from([0xff, 0xfe, 0, 2])));
    expect([jpeg(comments(1000)), jpeg(comments(5000))]).toEqual(['64×48', 'image-invalid']);
    const fill = (bytes: number) => Buffer.alloc(bytes, 0xff);
    expect([jpeg(fill(1000)), jpeg(fill(100_000))]).toEqual(['64×48', 'image-invalid']);
  });

  it('tells a size of 0', () => {
    expect(codeOf(pngOf({ width: 0, height: 5, depth: 8, colourType: 0 }, new Uint8Array(1)))).toBe(
      'image-invalid',
    );
  });

  it('tells CMYK, arithmetic coding and 12 bits', async () => {
    const jpeg = await encodeImage('jpeg', quarters);
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    const changed = (at: number, value: number) => {
      const copy = Buffer.from(jpeg);
      copy[frame + at] = value;
      return codeOf(copy);
    };
    expect([changed(9, 4), changed(1, 0xc9), changed(4, 12)]).toEqual(Array(3).fill('image-unsupported'));
  });

  it('tells an animated WebP, and what is no image', () => {
    const animated = Buffer.alloc(30);
    animated.write('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02', 'latin1');
    expect(codeOf(animated)).toBe('image-unsupported');
    expect(codeOf(Buffer.from('GIF89a, which nobody asked for'))).toBe('image-unsupported');
    expect(codeOf(new Uint8Array())).toBe('image-invalid');
  });

  it('reads the orientation of a JPEG, and takes a damaged one for none', async () => {
    const jpeg = withOrientation(PROGRESSIVE_JPEG, 6);
    expect(readImageHeader(jpeg, limits).orientation).toBe(6);
    const odd = withOrientation(PROGRESSIVE_JPEG, 9);
    expect(readImageHeader(odd, limits).orientation).toBe(1);
    jpeg.writeUInt32BE(0xffff_fff0, 16);
    expect(readImageHeader(jpeg, limits).orientation).toBe(1);
  });

  it('throws its own errors alone, whatever the bytes are', async () => {
    const images = await Promise.all(formats.map((format) => encodeImage(format, quarters)));
    const damaged = fc
      .tuple(fc.constantFrom(...images), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }))
      .map(([image, changes]) => {
        const copy = Buffer.from(image);
        for (const [at, value] of changes) copy[at] = value;
        return copy;
      });
    fc.assert(
      fc.property(damaged, (bytes) => /^(\d|image-)/.test(codeOf(bytes))),
      { numRuns: 500 },
    );
  });
});
