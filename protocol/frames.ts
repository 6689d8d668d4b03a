import { SightlineError } from './errors.ts';

/**
 * The fixed header of every binary message of `/ws/frames`, both ways: 32 bytes, big-endian, and the picture behind it.
 *
 * | offset | bytes | field                                                            |
 * | -----: | ----: | ---------------------------------------------------------------- |
 * |      0 |     2 | magic, 0x5346 (`SF`)                                             |
 * |      2 |     1 | version, 1                                                       |
 * |      3 |     1 | format: 1 JPEG, 2 RGB24, 3 I420, 4 PNG, 5 WebP                   |
 * |      4 |     2 | length of this header, 32                                        |
 * |      6 |     2 | reserved, 0                                                      |
 * |      8 |     4 | length of the picture in bytes                                   |
 * |     12 |     2 | width in pixels                                                  |
 * |     14 |     2 | height in pixels                                                 |
 * |     16 |     4 | sequence number, which acknowledgements and results name         |
 * |     20 |     8 | capture time, microseconds since the Unix epoch; 0 for unknown   |
 * |     28 |     4 | RTP timestamp, as results name it; 0 in those that come in       |
 */
export interface FrameHeader {
  readonly format: FrameFormat;
  /** Bytes. */
  readonly payloadLength: number;
  /** Pixels; of JPEG, PNG and WebP that come in 0 where the picture itself is to say it. */
  readonly width: number;
  readonly height: number;
  /** 32 bits. */
  readonly sequence: number;
  /** Milliseconds since the Unix epoch, in steps of a microsecond; 0 for unknown. */
  readonly captureTime: number;
  /** 90 kHz, 32 bits. */
  readonly rtpTimestamp: number;
}

/** In the order of their numbers, from 1. RGB24 is R, G, B; I420 is Y, U, V in limited range. Both without padding. */
export const frameFormats = ['jpeg', 'rgb24', 'i420', 'png', 'webp'] as const;
export type FrameFormat = (typeof frameFormats)[number];

export const FRAME_HEADER_BYTES = 32;
const MAGIC = 0x5346;
const VERSION = 1;

/** Writes the header of a message whose picture follows it. */
export function writeFrameHeader(header: FrameHeader): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, MAGIC);
  view.setUint8(2, VERSION);
  view.setUint8(3, frameFormats.indexOf(header.format) + 1);
  view.setUint16(4, FRAME_HEADER_BYTES);
  view.setUint32(8, header.payloadLength);
  view.setUint16(12, header.width);
  view.setUint16(14, header.height);
  view.setUint32(16, header.sequence);
  view.setBigUint64(20, BigInt(Math.round(header.captureTime * 1000)));
  view.setUint32(28, header.rtpTimestamp);
  return bytes;
}

/**
 * Splits a message into its header and its picture, which is not copied.
 * @throws SightlineError `frame-header-invalid`, `frame-format-unsupported`
 */
export function readFrame(message: Uint8Array): { header: FrameHeader; payload: Uint8Array } {
  if (message.length < FRAME_HEADER_BYTES) {
    throw invalid(`at least ${FRAME_HEADER_BYTES} bytes`, `${message.length}`);
  }
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  expectField(view.getUint16(0), MAGIC, 'the magic number');
  expectField(view.getUint8(2), VERSION, 'the version');
  expectField(view.getUint16(4), FRAME_HEADER_BYTES, 'the length of the header');
  expectField(view.getUint16(6), 0, 'the reserved field');
  const payload = message.subarray(FRAME_HEADER_BYTES);
  expectField(view.getUint32(8), payload.length, 'the length of the picture');
  const header = {
    format: formatOf(view.getUint8(3)),
    payloadLength: payload.length,
    width: view.getUint16(12),
    height: view.getUint16(14),
    sequence: view.getUint32(16),
    captureTime: Number(view.getBigUint64(20)) / 1000,
    rtpTimestamp: view.getUint32(28),
  };
  expectRawSize(header);
  return { header, payload };
}

/** Bytes of an uncompressed picture; undefined of the other formats. */
export function rawBytes(format: FrameFormat, width: number, height: number): number | undefined {
  if (format === 'rgb24') return width * height * 3;
  if (format === 'i420') return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
  return undefined;
}

function formatOf(number: number): FrameFormat {
  const format = frameFormats[number - 1];
  if (format) return format;
  const known = frameFormats.map((name, index) => `${index + 1} (${name})`).join(', ');
  throw new SightlineError(
    'frame-format-unsupported',
    `Cannot read the frame: expected one of the formats ${known}, found ${number}`,
  );
}

function expectRawSize({ format, width, height, payloadLength }: FrameHeader): void {
  const expected = rawBytes(format, width, height);
  if (expected === undefined || (expected === payloadLength && expected > 0)) return;
  throw invalid(`${expected} bytes of ${width}×${height} in ${format}, above 0`, `${payloadLength}`);
}

function expectField(found: number, expected: number, name: string): void {
  if (found !== expected) throw invalid(`${expected} as ${name}`, `${found}`);
}

function invalid(expected: string, found: string): SightlineError {
  return new SightlineError(
    'frame-header-invalid',
    `Cannot read the frame: expected ${expected}, found ${found}`,
  );
}
