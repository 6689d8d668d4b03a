import { invalidImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type and checksum. */
const FRAME_BYTES = 12;
const PALETTE = 3;
/** All that the pixels need. Others may be compressed text of any length, which a decoder would unpack. */
const NEEDED = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

/**
 * The header of a PNG (W3C PNG, section 11.2.1); undefined where it is none. Of an animated one the first picture counts.
 * @throws SightlineError `image-invalid`
 */
export function readPngHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (SIGNATURE.some((byte, index) => bytes[index] !== byte)) return undefined;
  const chunks = [...chunksOf(bytes)];
  const types = chunks.map(({ type }) => type);
  if (types[0] !== 'IHDR' || (chunks[0]?.data.length ?? 0) < 25)
    throw invalidImage('expected a PNG that begins with IHDR, found another chunk');
  if (!types.includes('IDAT') || types.at(-1) !== 'IEND')
    throw invalidImage('expected a whole PNG, found one that is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset + SIGNATURE.length + 8);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType] = [view.getUint8(8), view.getUint8(9)];
  const needed = chunks.filter(({ type }) => NEEDED.includes(type));
  const data =
    needed.length === chunks.length
      ? bytes
      : Buffer.concat([bytes.subarray(0, SIGNATURE.length), ...needed.map((chunk) => chunk.data)]);
  const indexed = colourType === PALETTE || depth < 8;
  return { format: 'png', width, height, orientation: 1, indexed, data };
}

/** Up to IEND, or to the chunk that is cut short. */
function* chunksOf(bytes: Uint8Array): Generator<{ type: string; data: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = SIGNATURE.length; offset + FRAME_BYTES <= bytes.length; ) {
    const end = offset + FRAME_BYTES + view.getUint32(offset);
    if (end > bytes.length) return;
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    yield { type, data: bytes.subarray(offset, end) };
    if (type === 'IEND') return;
    offset = end;
  }
}
