import { FF_DECODER_MJPEG, FF_DECODER_PNG, FF_DECODER_WEBP, type FFDecoderCodec } from 'node-av/constants';
import { Codec, CodecContext, Dictionary, type Frame, Packet } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import { invalidImage } from '../image-errors.ts';
import { imageFilterOf, uprightSize } from '../image-filter.ts';
import { type ImageFormat, type ImageHeader, type ImageOptions, readImageHeader } from '../image-header.ts';
import { filterOnce } from './filter-once.ts';
import { expectSuccess, Native, nativeFrame } from './natives.ts';
import { NativeVideoFrame } from './video-frame.ts';

const decoders: Readonly<Record<ImageFormat, FFDecoderCodec>> = {
  jpeg: FF_DECODER_MJPEG,
  png: FF_DECODER_PNG,
  webp: FF_DECODER_WEBP,
};

/** Decodes a still picture on libuv's pool: 1080p JPEG in 10 to 20 ms. */
export async function decodeImage(bytes: Uint8Array, options: ImageOptions): Promise<NativeVideoFrame> {
  const header = readImageHeader(bytes, options);
  const decoded = await decode(header, options);
  try {
    const filtered = await filterOnce(decoded.value, imageFilterOf(header));
    const { width, height } = filtered.value;
    const expected = uprightSize(header);
    if (width === expected.width && height === expected.height) {
      return new NativeVideoFrame(filtered, options.timestamp ?? 0);
    }
    filtered.release();
    throw invalidImage(`expected ${expected.width}×${expected.height} as it says, found ${width}×${height}`);
  } finally {
    decoded.release();
  }
}

async function decode({ format, data }: ImageHeader, { maxPixels }: ImageOptions): Promise<Native<Frame>> {
  const context = await open(format, maxPixels);
  const packet = new Native(new Packet(), (value) => value.free());
  const frame = nativeFrame();
  try {
    packet.value.alloc();
    packet.value.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const attempt = `decode the ${format}`;
    expectSuccess(await context.value.sendPacket(packet.value), attempt);
    expectSuccess(await context.value.receiveFrame(frame.value), attempt);
    return frame;
  } catch (error) {
    frame.release();
    const words = error instanceof Error ? error.message : String(error);
    throw invalidImage(`expected a ${format} that can be decoded, found one of which "${words}"`, error);
  } finally {
    packet.release();
    context.release();
  }
}

async function open(format: ImageFormat, maxPixels: number): Promise<Native<CodecContext>> {
  const codec = Codec.findDecoderByName(decoders[format]);
  if (!codec) throw new SightlineError('codec-failed', `Cannot decode ${format}: this FFmpeg has no decoder`);
  const context = new Native(new CodecContext(), (value) => value.freeContext());
  // What lies behind the header may tell of another size than the header.
  const settings = Dictionary.fromObject({ max_pixels: String(maxPixels) });
  try {
    context.value.allocContext3(codec);
    context.value.threadCount = 1;
    expectSuccess(await context.value.open2(codec, settings), `open the ${format} decoder`);
    return context;
  } catch (error) {
    context.release();
    throw error;
  } finally {
    settings.free();
  }
}
