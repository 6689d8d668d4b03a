import {
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVERROR_EAGAIN,
  type AVPixelFormat,
  FF_ENCODER_LIBSVTAV1,
  FF_ENCODER_LIBVPX_VP9,
  type FFVideoEncoder,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  Frame,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import type { NativeVideoFrame } from '../../peer/codec/native/video-frame.ts';
import type { IncomingCodec, VideoCodec } from '../../peer/rtp/packet.ts';

/** Codecs that Sightline takes in and never writes. */
export type ForeignCodec = Exclude<IncomingCodec, VideoCodec>;

interface ForeignEncoderOptions {
  width: number;
  height: number;
  /** Other than 8 bits 4:2:0. */
  pixelFormat?: AVPixelFormat;
}

const libraries: Record<ForeignCodec, { encoder: FFVideoEncoder; options: Record<string, string> }> = {
  VP9: {
    encoder: FF_ENCODER_LIBVPX_VP9,
    options: { deadline: 'realtime', 'cpu-used': '8', 'lag-in-frames': '0', crf: '30' },
  },
  AV1: {
    encoder: FF_ENCODER_LIBSVTAV1,
    options: { preset: '12', crf: '30', 'svtav1-params': 'rtc=1:pred-struct=1:lp=1:lookahead=0' },
  },
};

/** Encodes as the camera of a browser does: no delay, one key frame, one layer. Closed at the end of its block. */
export class ForeignEncoder implements Disposable {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  readonly #scaler = new SoftwareScaleContext();
  readonly #options: Required<ForeignEncoderOptions>;
  #started = false;

  private constructor(options: Required<ForeignEncoderOptions>) {
    this.#options = options;
    this.#packet.alloc();
    this.#scaler.allocContext();
  }

  static async open(codec: ForeignCodec, wanted: ForeignEncoderOptions): Promise<ForeignEncoder> {
    // Or SVT-AV1 introduces itself on the process's stderr.
    process.env['SVT_LOG'] ??= '-2';
    const options = { pixelFormat: AV_PIX_FMT_YUV420P, ...wanted };
    const foreign = new ForeignEncoder(options);
    const { encoder, options: settings } = libraries[codec];
    const native = Codec.findEncoderByName(encoder);
    const context = foreign.#context;
    context.allocContext3(native);
    const { width, height, pixelFormat } = options;
    Object.assign(context, { width, height, pixelFormat, gopSize: 10_000, maxBFrames: 0, threadCount: 1 });
    context.timeBase = new Rational(1, 90_000);
    context.framerate = new Rational(30, 1);
    using dictionary = Dictionary.fromObject(settings);
    FFmpegError.throwIfError(await context.open2(native, dictionary), `Cannot open ${encoder}`);
    return foreign;
  }

  /** Fails where the frame gives no packet at once. The frame stays the caller's. */
  async encode(frame: NativeVideoFrame, _options?: { keyframe: boolean }): Promise<EncodedFrame> {
    using input = await this.#inputOf(frame);
    input.pts = BigInt(frame.timestamp);
    input.pictType = this.#started ? AV_PICTURE_TYPE_NONE : AV_PICTURE_TYPE_I;
    this.#started = true;
    FFmpegError.throwIfError(await this.#context.sendFrame(input), 'Cannot encode');
    const code = await this.#context.receivePacket(this.#packet);
    if (code === AVERROR_EAGAIN) throw new Error(`The frame of ${frame.timestamp} gave no packet`);
    FFmpegError.throwIfError(code, 'Cannot encode');
    const data = new Uint8Array(this.#packet.data ?? []);
    const { isKeyframe } = this.#packet;
    this.#packet.unref();
    return { data, keyframe: isKeyframe, timestamp: frame.timestamp };
  }

  async #inputOf(frame: NativeVideoFrame): Promise<Frame> {
    const input = new Frame();
    input.alloc();
    const { width, height, pixelFormat: format } = this.#options;
    Object.assign(input, { width, height, format });
    input.getBuffer();
    FFmpegError.throwIfError(await this.#scaler.scaleFrame(input, frame.native), 'Cannot convert');
    return input;
  }

  [Symbol.dispose](): void {
    this.#scaler.freeContext();
    this.#packet.free();
    this.#context.freeContext();
  }
}
