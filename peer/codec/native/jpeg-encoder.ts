import {
  AV_CODEC_FLAG_QSCALE,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT470BG,
  FF_ENCODER_MJPEG,
  FF_QP2LAMBDA,
} from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet, Rational, SoftwareScaleContext } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import { type JpegEncoder, type JpegEncoderOptions, quantizerOf } from '../jpeg-encoder.ts';
import { Turn } from '../turn.ts';
import { cloneFrame, expectSuccess, Native, nativeFrame } from './natives.ts';
import type { NativeVideoFrame } from './video-frame.ts';

/** Encodes on libuv's pool: 1080p in some 12 ms, of which 3 are the conversion to full range. */
export class NativeJpegEncoder implements JpegEncoder {
  readonly #quality: number;
  readonly #scale: Native<SoftwareScaleContext>;
  readonly #packet: Native<Packet>;
  readonly #turn: Turn;
  #context: Native<CodecContext> | undefined;
  #picture: Native<Frame> | undefined;

  constructor({ quality }: JpegEncoderOptions) {
    this.#quality = FF_QP2LAMBDA * quantizerOf(quality);
    this.#scale = new Native(new SoftwareScaleContext(), (value) => value.freeContext());
    this.#scale.value.allocContext();
    this.#packet = new Native(new Packet(), (packet) => packet.free());
    this.#packet.value.alloc();
    this.#turn = new Turn('JPEG encoder', () => this.#release());
  }

  async encode(frame: NativeVideoFrame): Promise<Uint8Array> {
    return this.#turn.run(async () => {
      const input = cloneFrame(frame.native);
      try {
        const { width, height } = input.value;
        const context = await this.#contextFor(width, height);
        const picture = this.#pictureFor(width, height);
        const attempt = `encode a JPEG of ${width}×${height}`;
        expectSuccess(await this.#scale.value.scaleFrame(picture, input.value), attempt);
        picture.pts += 1n;
        picture.quality = this.#quality;
        expectSuccess(await context.sendFrame(picture), attempt);
        return this.#take(context, attempt);
      } finally {
        input.release();
      }
    });
  }

  close(): void {
    this.#turn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #take(context: CodecContext, attempt: string): Uint8Array {
    const packet = this.#packet.value;
    expectSuccess(context.receivePacketSync(packet), attempt);
    const data = new Uint8Array(packet.data ?? []);
    packet.unref();
    return data;
  }

  async #contextFor(width: number, height: number): Promise<CodecContext> {
    const last = this.#context?.value;
    if (last?.width === width && last.height === height) return last;
    this.#context?.release();
    this.#context = undefined;
    this.#context = await open(width, height, this.#quality);
    return this.#context.value;
  }

  /** In full range, writable. */
  #pictureFor(width: number, height: number): Frame {
    const last = this.#picture?.value;
    if (last?.width === width && last.height === height && last.isWritable) return last;
    this.#picture?.release();
    this.#picture = nativeFrame();
    const picture = this.#picture.value;
    Object.assign(picture, { width, height, format: AV_PIX_FMT_YUV420P, pts: last?.pts ?? 0n });
    Object.assign(picture, { colorRange: AVCOL_RANGE_JPEG, colorSpace: AVCOL_SPC_BT470BG });
    expectSuccess(picture.getBuffer(), `make a picture of ${width}×${height}`);
    return picture;
  }

  #release(): void {
    this.#picture?.release();
    this.#context?.release();
    this.#packet.release();
    this.#scale.release();
  }
}

async function open(width: number, height: number, quality: number): Promise<Native<CodecContext>> {
  const codec = Codec.findEncoderByName(FF_ENCODER_MJPEG);
  if (!codec) throw new SightlineError('codec-failed', 'Cannot encode JPEG: this FFmpeg has no encoder');
  const context = new Native(new CodecContext(), (value) => value.freeContext());
  try {
    context.value.allocContext3(codec);
    Object.assign(context.value, { width, height, threadCount: 1, qMin: 1, globalQuality: quality });
    Object.assign(context.value, { pixelFormat: AV_PIX_FMT_YUV420P, colorRange: AVCOL_RANGE_JPEG });
    context.value.timeBase = new Rational(1, 30);
    context.value.setFlags(AV_CODEC_FLAG_QSCALE);
    expectSuccess(await context.value.open2(codec, null), `open the JPEG encoder for ${width}×${height}`);
    return context;
  } catch (error) {
    context.release();
    throw error;
  }
}
