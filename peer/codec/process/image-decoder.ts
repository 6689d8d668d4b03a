import { SightlineError } from '../../../protocol/errors.ts';
import { invalidImage } from '../image-errors.ts';
import { imageFilterOf, uprightSize } from '../image-filter.ts';
import { type ImageFormat, type ImageOptions, readImageHeader } from '../image-header.ts';
import { Exchange } from './exchange.ts';
import { ivfFrameHeader, ivfHeader } from './ivf.ts';
import { Planes, planesBytes } from './planes.ts';
import { PlanesPool } from './planes-pool.ts';
import { AT_ONCE, type FfmpegProgram, passthrough, QUIETLY } from './program.ts';
import { PlainVideoFrame } from './video-frame.ts';

const decoders: Readonly<Record<ImageFormat, string>> = { jpeg: 'mjpeg', png: 'png', webp: 'webp' };
/** An image of 8K takes less than a second. A child that takes as long as this hangs. */
const PATIENCE_MS = 10_000;
const RATE = 30;
/** For images, each of another size. */
const noSpares = new PlanesPool(0);

/** Decodes a still picture in an ffmpeg process of its own. */
export async function decodeImage(
  program: FfmpegProgram,
  bytes: Uint8Array,
  options: ImageOptions,
): Promise<PlainVideoFrame> {
  const header = readImageHeader(bytes, options);
  const { width, height } = uprightSize(header);
  const expectedBytes = planesBytes(width, height);
  const exchange = new Exchange({
    program: program.path,
    args: argumentsOf(program, decoders[header.format], imageFilterOf(header), options),
    // The decoder is named on the command line, so that this name is none of importance.
    header: ivfHeader({ code: 'MJPG', width: header.width, height: header.height, rate: RATE }),
    allocate: (length) => new Uint8Array(noSpares.take(length)),
    maxPacketBytes: expectedBytes,
  });
  try {
    const parts = [ivfFrameHeader(header.data.length, 0), header.data];
    const answer = exchange.ask(`decode the ${header.format}`, parts, PATIENCE_MS);
    exchange.endInput();
    const packet = await answer;
    const found = packet ? `found a picture of ${packet.data.length} bytes` : 'found none in time';
    if (packet?.data.length !== expectedBytes)
      throw invalidImage(`expected ${width}×${height} as it says, ${found}`);
    const planes = new Planes(width, height, packet.data.buffer, noSpares);
    return new PlainVideoFrame(planes, options.timestamp ?? 0, 'bt601');
  } catch (error) {
    if (!(error instanceof SightlineError) || error.code !== 'codec-failed') throw error;
    throw invalidImage(
      `expected a ${header.format} that can be decoded, found one of which "${error.message}"`,
      error,
    );
  } finally {
    exchange.close();
  }
}

function argumentsOf(
  program: FfmpegProgram,
  decoder: string,
  filter: string,
  { maxPixels }: ImageOptions,
): readonly string[] {
  return [
    ...QUIETLY,
    ...['-threads', '1', '-c:v', decoder, '-max_pixels', String(maxPixels), '-noautorotate'],
    ...[...AT_ONCE, '-i', 'pipe:0', '-an', '-filter_threads', '1', '-vf', filter],
    ...['-c:v', 'rawvideo', '-threads', '1', ...passthrough(program), '-enc_time_base', `1:${RATE}`],
    ...['-flush_packets', '1', '-f', 'nut', 'pipe:1'],
  ];
}
