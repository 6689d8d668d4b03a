import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FFmpegError,
  FormatContext,
  Frame,
  Packet,
  SoftwareScaleContext,
} from 'node-av/lib';
import { NativeVideoFrame } from '../../peer/codec/native/video-frame.ts';

/** The folder of film for tests: SIGHTLINE_FOOTAGE_DIR, or `shared/footage` beside the repository. */
const directory =
  process.env['SIGHTLINE_FOOTAGE_DIR'] ?? fileURLToPath(new URL('../../../shared/footage', import.meta.url));

/** Path of a film, `asl_milk.mkv` for one; undefined where it is not there, and then a test skips aloud. */
export function footagePath(name: string): string | undefined {
  const path = join(directory, name);
  return existsSync(path) ? path : undefined;
}

/**
 * The pictures of a film in any format that FFmpeg reads, as I420 in limited range, resized where a size is given. The
 * caller closes each. Timestamps are those of 30 frames a second, from 0.
 */
export async function* readFootage(
  path: string,
  size?: { width: number; height: number },
): AsyncGenerator<NativeVideoFrame> {
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  let timestamp = 0;
  try {
    for await (const decoded of decodedFrames(path)) {
      const { width, height } = size ?? decoded;
      const frame = NativeVideoFrame.allocate(width, height, timestamp);
      FFmpegError.throwIfError(await scaler.scaleFrame(frame.native, decoded), 'Cannot resize the footage');
      yield frame;
      timestamp += 3000;
    }
  } finally {
    scaler.freeContext();
  }
}

/** Each frame is valid until the next is asked for. */
async function* decodedFrames(path: string): AsyncGenerator<Frame> {
  await using input = await openVideo(path);
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  for (let reading = true; reading; ) {
    const code = await input.format.readFrame(packet);
    reading = code !== AVERROR_EOF;
    if (reading) FFmpegError.throwIfError(code, 'Cannot read the footage');
    if (reading && packet.streamIndex !== input.stream) {
      packet.unref();
      continue;
    }
    FFmpegError.throwIfError(await input.decoder.sendPacket(reading ? packet : null), 'Cannot decode');
    packet.unref();
    for (;;) {
      const received = await input.decoder.receiveFrame(frame);
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) break;
      FFmpegError.throwIfError(received, 'Cannot decode the footage');
      yield frame;
      frame.unref();
    }
  }
}

async function openVideo(path: string) {
  const format = new FormatContext();
  FFmpegError.throwIfError(await format.openInput(path), `Cannot open ${path}`);
  FFmpegError.throwIfError(await format.findStreamInfo(), `Cannot find the streams of ${path}`);
  const stream = format.findBestStream(AVMEDIA_TYPE_VIDEO);
  const parameters = format.streams?.[stream]?.codecpar;
  const codec = parameters && Codec.findDecoder(parameters.codecId);
  if (!parameters || !codec) throw new Error(`Cannot decode ${path}: expected a video stream, found none`);
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  FFmpegError.throwIfError(decoder.parametersToContext(parameters), 'Cannot set up the decoder');
  FFmpegError.throwIfError(await decoder.open2(codec, null), 'Cannot open the decoder');
  return {
    format,
    stream,
    decoder,
    async [Symbol.asyncDispose]() {
      decoder.freeContext();
      await format.closeInput();
    },
  };
}
