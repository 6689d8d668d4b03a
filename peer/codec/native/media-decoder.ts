import { AV_CODEC_FLAG_LOW_DELAY, AVERROR_EAGAIN, AVERROR_EOF, FF_THREAD_SLICE } from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  type Frame,
  type Packet,
  type Stream,
} from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import { Native, nativeFrame } from './natives.ts';

/** How a stream of a container is to be decoded. */
export interface MediaDecoderOptions {
  readonly threads: number;
  /** Without holding pictures back: threads then share one picture, or none. */
  readonly lowDelay: boolean;
  readonly maxPixels: number;
  /** Names the source, in messages. */
  readonly label: string;
}

/** Decodes any codec of a container on libuv's pool: packets in, and pictures in the order in which they are shown. */
export class MediaDecoder {
  readonly #context: Native<CodecContext>;
  /** As FFmpeg calls it. */
  readonly codec: string;
  #damaged = 0;

  private constructor(context: Native<CodecContext>, codec: string) {
    this.#context = context;
    this.codec = codec;
  }

  /** @throws SightlineError `source-codec-unsupported` */
  static async open(stream: Stream, options: MediaDecoderOptions): Promise<MediaDecoder> {
    const parameters = stream.codecpar;
    const codec = Codec.findDecoder(parameters.codecId);
    if (!codec) {
      const message = `Cannot read ${options.label}: expected a codec that FFmpeg decodes, found codec ${parameters.codecId}`;
      throw new SightlineError('source-codec-unsupported', message);
    }
    const context = new Native(new CodecContext(), (value) => value.freeContext());
    const settings = Dictionary.fromObject({ max_pixels: options.maxPixels });
    try {
      context.value.allocContext3(codec);
      context.value.parametersToContext(parameters);
      context.value.pktTimebase = stream.timeBase;
      context.value.threadCount = options.threads;
      if (options.lowDelay) {
        context.value.threadType = FF_THREAD_SLICE;
        context.value.setFlags(AV_CODEC_FLAG_LOW_DELAY);
      }
      const code = await context.value.open2(codec, settings);
      if (code >= 0) return new MediaDecoder(context, codec.name ?? 'unknown');
      const found = `found ${codec.name}: "${FFmpegError.strerror(code)}"`;
      const message = `Cannot read ${options.label}: expected pictures that can be decoded, ${found}`;
      throw new SightlineError('source-codec-unsupported', message);
    } catch (error) {
      context.release();
      throw error;
    } finally {
      settings.free();
    }
  }

  /** Packets that could not be decoded. */
  get damaged(): number {
    return this.#damaged;
  }

  /** @param packet null: nothing more comes, and what is held back is to be had */
  async send(packet: Packet | null): Promise<void> {
    const code = await this.#context.value.sendPacket(packet);
    if (code < 0 && code !== AVERROR_EOF) this.#damaged += 1;
  }

  /** The next picture, to be released by the caller; undefined until there is more input. */
  async receive(): Promise<Native<Frame> | undefined> {
    const held = nativeFrame();
    for (;;) {
      const code = await this.#context.value.receiveFrame(held.value);
      if (code >= 0) return held;
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) break;
      this.#damaged += 1;
    }
    held.release();
    return undefined;
  }

  close(): void {
    this.#context.release();
  }
}
