import { invalidImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type and checksum. */
const FRAME_BYTES = 12;
/** So many that no picture has more; each is looked at on the thread of the network. */
const MAX_CHUNKS = 65_536;
const PALETTE = 3;
const [IHDR, IDAT, IEND] = [code('IHDR'), code('IDAT'), code('IEND')];
/** All that the pixels need. Others may be compressed text of any length, which a decoder would unpack. */
const NEEDED: readonly number[] = [IHDR, code('PLTE'), code('tRNS'), IDAT, IEND];

interface Chunk {
  /** Its four letters as a number. */
  readonly type: number;
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
}

/**
 * The header of a PNG (W3C PNG, section 11.2.1); undefined where it is none. Of an animated one the first picture counts.
 * @throws SightlineError `image-invalid`
 */
export function readPngHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (SIGNATURE.some((byte, index) => bytes[index] !== byte)) return undefined;
  const chunks = chunksOf(bytes);
  const [first] = chunks;
  if (first?.type !== IHDR || first.end - first.start < 25)
    throw invalidImage('expected a PNG that begins with IHDR, found another chunk');
  if (!chunks.some(({ type }) => type === IDAT) || chunks.at(-1)?.type !== IEND)
    throw invalidImage('expected a whole PNG, found one that is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset + SIGNATURE.length + 8);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType] = [view.getUint8(8), view.getUint8(9)];
  const needed = chunks.filter(({ type }) => NEEDED.includes(type));
  const parts = needed.map(({ start, end }) => bytes.subarray(start, end));
  const data =
    needed.length === chunks.length ? bytes : Buffer.concat([bytes.subarray(0, SIGNATURE.length), ...parts]);
  const indexed = colourType === PALETTE || depth < 8;
  return { format: 'png', width, height, orientation: 1, indexed, data };
}

/** Up to IEND, or to the chunk that is cut short. */
function chunksOf(bytes: Uint8Array): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let start = SIGNATURE.length; start + FRAME_BYTES <= bytes.length; ) {
    const end = start + FRAME_BYTES + view.getUint32(start);
    if (end > bytes.length) return chunks;
    if (chunks.length === MAX_CHUNKS)
      throw invalidImage(`expected a PNG of at most ${MAX_CHUNKS} chunks, found more`);
    const type = view.getUint32(start + 4);
    chunks.push({ type, start, end });
    if (type === IEND) return chunks;
    start = end;
  }
  return chunks;
}

function code(letters: string): number {
  return Buffer.from(letters, 'latin1').readUInt32BE();
}
