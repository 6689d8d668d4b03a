import { invalidImage, unsupportedImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';
import { readOrientation } from './image-orientation.ts';

/** Second byte of a marker (ITU-T T.81, table B.1). */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
/** Baseline, extended sequential and progressive, all with Huffman coding. */
const DECODED = [0xc0, 0xc1, 0xc2];
/** Lossless, hierarchical and arithmetic coding; 0xc4, 0xc8 and 0xcc among them are no frame headers. */
const NOT_DECODED = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

/** Before the samples, each looked at on the thread of the network: a profile of colours takes some tens of them. */
const MAX_SEGMENTS = 4096;
const MAX_FILL_BYTES = 65_536;

const END_OF_IMAGE = Buffer.from([0xff, EOI]);

interface Segment {
  readonly marker: number;
  /** Behind the length field. */
  readonly body: Uint8Array;
  /** Offset of what follows. */
  readonly end: number;
}

/**
 * The header of a JPEG (ITU-T T.81, annex B); undefined where it is none.
 * @throws SightlineError `image-invalid`, `image-unsupported`
 */
export function readJpegHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return undefined;
  let size: { width: number; height: number } | undefined;
  let orientation = 1;
  let samples = 2;
  let segments = 0;
  for (let isHeader = true; isHeader; segments += 1) {
    if (segments === MAX_SEGMENTS)
      throw invalidImage(`expected a JPEG of at most ${MAX_SEGMENTS} segments, found more`);
    const { marker, body, end } = readSegment(bytes, samples);
    if (NOT_DECODED.includes(marker))
      throw unsupportedImage(`expected a baseline or progressive JPEG, found process ${marker - 0xc0}`);
    if (DECODED.includes(marker)) size = readFrameHeader(body);
    if (marker === APP1) orientation = readOrientation(body) ?? orientation;
    isHeader = marker !== SOS;
    samples = end;
  }
  if (!size) throw invalidImage('expected a JPEG with a frame header, found none before its samples');
  if (!hasEnd(bytes, samples)) throw invalidImage('expected a whole JPEG, found one that is cut short');
  return { format: 'jpeg', ...size, orientation, indexed: false, data: bytes };
}

function readSegment(bytes: Uint8Array, start: number): Segment {
  let offset = start;
  if (bytes[offset] !== 0xff) throw invalidImage(`expected a JPEG marker at byte ${offset}, found none`);
  // Any number of fill bytes may stand before a marker.
  while (bytes[offset] === 0xff && offset - start <= MAX_FILL_BYTES) offset += 1;
  if (bytes[offset] === 0xff)
    throw invalidImage(`expected a JPEG marker after ${MAX_FILL_BYTES} fill bytes, found none`);
  const marker = bytes[offset] ?? EOI;
  const length = ((bytes[offset + 1] ?? 0) << 8) | (bytes[offset + 2] ?? 0);
  const end = offset + 1 + length;
  if (marker === EOI || length < 2 || end > bytes.length)
    throw invalidImage('expected a whole JPEG, found one that ends before its samples');
  return { marker, body: bytes.subarray(offset + 3, end), end };
}

function readFrameHeader(body: Uint8Array): { width: number; height: number } {
  const [precision = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, components = 0] = body;
  if (precision !== 8) throw unsupportedImage(`expected a JPEG of 8 bits, found ${precision}`);
  // Four are CMYK, whose colours only its profile knows.
  if (components !== 1 && components !== 3)
    throw unsupportedImage(`expected a JPEG of 1 or 3 components, found ${components}`);
  return { width: (w1 << 8) | w0, height: (h1 << 8) | h0 };
}

/**
 * Whether the end is there: a decoder fills the rest of a JPEG that was cut short with grey. Among samples this marker
 * cannot stand.
 */
function hasEnd(bytes: Uint8Array, samples: number): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(END_OF_IMAGE, samples);
}
