import { invalidImage, unsupportedImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';

/** `RIFF`, the length of what follows, `WEBP`. */
const FILE_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const ANIMATION_FLAG = 0x02;
const LOSSLESS_SIGNATURE = 0x2f;

/**
 * The header of a WebP (RFC 9649); undefined where it is none.
 * @throws SightlineError `image-invalid`, `image-unsupported` where it is animated
 */
export function readWebpHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WEBP') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = view.getUint32(4, true) + CHUNK_HEADER_BYTES <= bytes.length;
  const body = FILE_HEADER_BYTES + CHUNK_HEADER_BYTES;
  // The longest of the three headers.
  if (!whole || bytes.length < body + 10)
    throw invalidImage('expected a whole WebP, found one that is cut short');
  const read = readers[textAt(bytes, FILE_HEADER_BYTES)];
  if (!read) throw invalidImage('expected a WebP with VP8, VP8L or VP8X, found another chunk');
  const size = read(new DataView(view.buffer, view.byteOffset + body, view.byteLength - body));
  return { format: 'webp', ...size, orientation: 1, indexed: false, data: bytes };
}

const readers: Readonly<Record<string, (chunk: DataView) => { width: number; height: number }>> = {
  /** RFC 6386, section 9.1: behind the frame tag and the start code. */
  'VP8 ': (chunk) => ({
    width: chunk.getUint16(6, true) & 0x3fff,
    height: chunk.getUint16(8, true) & 0x3fff,
  }),
  /** RFC 9649, section 3.4. */
  VP8L: (chunk) => {
    if (chunk.getUint8(0) !== LOSSLESS_SIGNATURE)
      throw invalidImage('expected the signature of lossless WebP, found none');
    const bits = chunk.getUint32(1, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  },
  /** RFC 9649, section 2.7: flags, three reserved bytes, and the sides less one in 24 bits each. */
  VP8X: (chunk) => {
    if ((chunk.getUint8(0) & ANIMATION_FLAG) !== 0)
      throw unsupportedImage('expected a still WebP, found an animation');
    const side = (at: number) => 1 + (chunk.getUint16(at, true) | (chunk.getUint8(at + 2) << 16));
    return { width: side(4), height: side(7) };
  },
};

function textAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
