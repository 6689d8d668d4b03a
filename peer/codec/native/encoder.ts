import { AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_NONE, AVERROR_EAGAIN } from 'node-av/constants';
import { Codec, CodecContext, Dictionary, type Frame, Packet } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import {
  type EncodedFrame,
  type EncoderOptions,
  evenDown,
  LOWEST_BITRATE,
  type VideoEncoder,
} from '../encoder.ts';
import { libraryOptionsOf } from '../library-options.ts';
import { Turn } from '../turn.ts';
import { type EncoderRate, rateOf } from './encoder-rate.ts';
import { configure } from './encoder-settings.ts';
import { cloneFrame, expectSuccess, Native } from './natives.ts';
import { encoders } from './video-codecs.ts';
import type { NativeVideoFrame } from './video-frame.ts';

/**
 * Encodes on libuv's pool, without delay. A new bitrate takes no key frame; what goes out follows it within about half a
 * second.
 */
export class NativeEncoder implements VideoEncoder {
  readonly #options: EncoderOptions;
  readonly #context: Native<CodecContext>;
  readonly #packet: Native<Packet>;
  readonly #rate: EncoderRate;
  readonly #turn: Turn;

  private constructor(options: EncoderOptions, context: Native<CodecContext>, rate: EncoderRate) {
    this.#options = options;
    this.#context = context;
    this.#rate = rate;
    this.#packet = new Native(new Packet(), (packet) => packet.free());
    this.#packet.value.alloc();
    this.#turn = new Turn(`${options.codec} encoder`, () => {
      this.#packet.release();
      this.#context.release();
    });
  }

  /** @throws SightlineError `codec-failed` */
  static async open(wanted: EncoderOptions): Promise<NativeEncoder> {
    const options = { ...wanted, width: evenDown(wanted.width), height: evenDown(wanted.height) };
    const { codec, width, height } = options;
    const native = Codec.findEncoderByName(encoders[codec]);
    if (!native)
      throw new SightlineError('codec-failed', `Cannot encode ${codec}: this FFmpeg has no encoder`);
    const context = new Native(new CodecContext(), (value) => value.freeContext());
    const settings = Dictionary.fromObject(libraryOptionsOf(options));
    try {
      context.value.allocContext3(native);
      configure(context.value, options);
      const rate = rateOf(codec, context.value, options);
      const code = await context.value.open2(native, settings);
      expectSuccess(code, `open the ${codec} encoder for ${width}×${height}`);
      return new NativeEncoder(options, context, rate);
    } catch (error) {
      context.release();
      throw error;
    } finally {
      settings.free();
    }
  }

  get width(): number {
    return this.#options.width;
  }

  get height(): number {
    return this.#options.height;
  }

  get bitrate(): number {
    return this.#rate.bitrate;
  }

  setBitrate(bitsPerSecond: number): void {
    this.#rate.bitrate = Math.max(Math.round(bitsPerSecond), LOWEST_BITRATE);
  }

  fits(frame: NativeVideoFrame): boolean {
    const { codec, matrix } = this.#options;
    return this.#hasSizeOf(frame) && (codec === 'VP8' || frame.matrix === matrix);
  }

  async encode(frame: NativeVideoFrame, options: { keyframe: boolean }): Promise<EncodedFrame | undefined> {
    this.#expectSize(frame);
    const { timestamp } = frame;
    return this.#turn.run(async () => {
      const input = this.#inputOf(frame, options.keyframe);
      try {
        const code = await this.#context.value.sendFrame(input.value);
        expectSuccess(code, `encode a ${this.#options.codec} frame`);
      } finally {
        input.release();
      }
      return this.#receive(timestamp);
    });
  }

  close(): void {
    this.#turn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #hasSizeOf(frame: NativeVideoFrame): boolean {
    return evenDown(frame.width) === this.width && evenDown(frame.height) === this.height;
  }

  #expectSize(frame: NativeVideoFrame): void {
    if (this.#hasSizeOf(frame)) return;
    const { codec, width, height } = this.#options;
    const found = `found one of ${frame.width}×${frame.height}`;
    throw new SightlineError(
      'codec-failed',
      `Cannot encode ${codec}: expected a frame of ${width}×${height}, ${found}`,
    );
  }

  /** A reference of the encoder's own, so that time, type and crop are not written into the caller's frame. */
  #inputOf(frame: NativeVideoFrame, keyframe: boolean): Native<Frame> {
    const input = cloneFrame(frame.native);
    input.value.width = this.width;
    input.value.height = this.height;
    input.value.pts = this.#rate.next(frame.timestamp);
    input.value.pictType = keyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    return input;
  }

  /** FFmpeg encodes while it takes the frame; fetching the packet is no work for the pool. */
  #receive(timestamp: number): EncodedFrame | undefined {
    const packet = this.#packet.value;
    const code = this.#context.value.receivePacketSync(packet);
    if (code === AVERROR_EAGAIN) return undefined;
    expectSuccess(code, `encode a ${this.#options.codec} frame`);
    const data = new Uint8Array(packet.data ?? []);
    const { isKeyframe } = packet;
    packet.unref();
    return this.#turn.closed ? undefined : { data, keyframe: isKeyframe, timestamp };
  }
}
