import { crc32, deflateSync } from 'node:zlib';
import {
  AV_LOG_QUIET,
  AV_PIX_FMT_BGRA,
  AV_PIX_FMT_RGBA,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  FF_ENCODER_LIBWEBP,
  FF_ENCODER_MJPEG,
  FF_ENCODER_PNG,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FFmpegError,
  Frame,
  Log,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib';

// It writes to the test's own standard error otherwise.
Log.setLevel(AV_LOG_QUIET);

const encoders = {
  jpeg: { name: FF_ENCODER_MJPEG, format: AV_PIX_FMT_YUVJ420P },
  png: { name: FF_ENCODER_PNG, format: AV_PIX_FMT_RGBA },
  webp: { name: FF_ENCODER_LIBWEBP, format: AV_PIX_FMT_BGRA },
} as const;

/** Colours in I420, BT.601 in limited range. */
export const YUV = {
  red: [81, 90, 240],
  green: [145, 54, 34],
  blue: [41, 240, 110],
  white: [235, 128, 128],
  black: [16, 128, 128],
} as const satisfies Record<string, readonly [number, number, number]>;

/** A picture in quarters: red, green; blue, white. Opaque but for the white quarter, which has this alpha. */
export function quartersRgba(width: number, height: number, alpha = 255): Uint8Array {
  const colours = [
    [255, 0, 0, 255],
    [0, 255, 0, 255],
    [0, 0, 255, 255],
    [255, 255, 255, alpha],
  ];
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      pixels.set(colours[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)] ?? [], (y * width + x) * 4);
    }
  }
  return pixels;
}

/** Encodes RGBA, as other programs do, with FFmpeg's own encoders. */
export async function encodeImage(
  format: keyof typeof encoders,
  { width, height, rgba }: { width: number; height: number; rgba: Uint8Array },
): Promise<Buffer> {
  const encoder = encoders[format];
  using source = newFrame(width, height, AV_PIX_FMT_RGBA);
  const [plane, stride = 0] = [source.data?.[0], source.linesize[0]];
  for (let y = 0; y < height; y += 1)
    plane?.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), y * stride);
  using frame = newFrame(width, height, encoder.format);
  if (format === 'jpeg') frame.colorRange = AVCOL_RANGE_JPEG;
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  expectGood(await scaler.scaleFrame(frame, source));
  scaler.freeContext();
  return await encode(encoder.name, frame);
}

async function encode(name: (typeof encoders)[keyof typeof encoders]['name'], frame: Frame): Promise<Buffer> {
  using context = new CodecContext();
  using packet = new Packet();
  packet.alloc();
  const codec = Codec.findEncoderByName(name);
  context.allocContext3(codec);
  const { width, height, format, colorRange } = frame;
  Object.assign(context, { width, height, pixelFormat: format, colorRange, threadCount: 1 });
  context.timeBase = new Rational(1, 1);
  expectGood(await context.open2(codec, null));
  expectGood(await context.sendFrame(frame));
  expectGood(await context.receivePacket(packet));
  return Buffer.from(packet.data ?? []);
}

function newFrame(width: number, height: number, format: Frame['format']): Frame {
  const frame = new Frame();
  frame.alloc();
  Object.assign(frame, { width, height, format, pts: 0n });
  expectGood(frame.getBuffer());
  return frame;
}

function expectGood(code: number): void {
  FFmpegError.throwIfError(code, 'Cannot make the image');
}

/** A PNG by hand: one that no encoder would write. */
export function pngOf(
  {
    width,
    height,
    depth,
    colourType,
  }: { width: number; height: number; depth: number; colourType: 0 | 2 | 3 | 6 },
  rows: Uint8Array,
  extra: readonly (readonly [type: string, data: Uint8Array])[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType], 8);
  const chunks = [
    ['IHDR', header] as const,
    ...extra,
    ['IDAT', deflateSync(rows)] as const,
    ['IEND', new Uint8Array()] as const,
  ];
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, ...chunks.map(([type, data]) => chunk(type, data))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(named, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}

/** The same JPEG with an orientation (Exif), as cameras write it. */
export function withOrientation(jpeg: Uint8Array, orientation: number): Buffer {
  const exif = Buffer.alloc(36);
  exif.write('\xff\xe1\x00\x22Exif\0\0MM\0\x2a', 0, 'latin1');
  exif.writeUInt32BE(8, 14);
  exif.writeUInt16BE(1, 18);
  exif.writeUInt16BE(0x0112, 20);
  exif.writeUInt16BE(3, 22);
  exif.writeUInt32BE(1, 24);
  exif.writeUInt16BE(orientation, 28);
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

/** `quartersRgba()` of 64×48 as a progressive JPEG of quality 60. */
export const PROGRESSIVE_JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNS' +
    'Mj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P' +
    'T0//wgARCAAwAEADASIAAhEBAxEB/8QAGAABAAMBAAAAAAAAAAAAAAAAAAQFBgf/xAAZAQEAAwEBAAAAAAAAAAAAAAAABAUGAwf/2gAM' +
    'AwEAAhADEAAAAa8QtIBbiJ54BUIDSa6egDTNAp6DPtAOcjYSgOjDN9gP/8QAFBABAAAAAAAAAAAAAAAAAAAAUP/aAAgBAQABBQJD/8QA' +
    'GREAAgMBAAAAAAAAAAAAAAAAAGIUFSCh/9oACAEDAQE/AcWa9LNekFiC2f/EABsRAAAHAQAAAAAAAAAAAAAAAAAUFSBhYqHh/9oACAEC' +
    'AQE/AWJN86Em+dBSQUlv/8QAFBABAAAAAAAAAAAAAAAAAAAAUP/aAAgBAQAGPwJD/8QAFBABAAAAAAAAAAAAAAAAAAAAUP/aAAgBAQAB' +
    'PyFD/9oADAMBAAIAAwAAABAMMEEwwEH74AD/xAAZEQACAwEAAAAAAAAAAAAAAAAA8BEg4fH/2gAIAQMBAT8QovAvAkaJG1//xAAYEQAD' +
    'AQEAAAAAAAAAAAAAAAARIOHwAP/aAAgBAgEBPxBgDIvZFX//xAAUEAEAAAAAAAAAAAAAAAAAAABQ/9oACAEBAAE/EEP/2Q==',
  'base64',
);
