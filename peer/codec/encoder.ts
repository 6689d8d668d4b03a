import { AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_NONE, AVERROR_EAGAIN } from 'node-av/constants';
import { Codec, CodecContext, Dictionary, type Frame, Packet } from 'node-av/lib';
import { SightlineError } from '../../protocol/errors.ts';
import { type EncoderRate, rateOf } from './encoder-rate.ts';
import { configure, type EncoderOptions, evenDown, libraryOptionsOf } from './encoder-settings.ts';
import { NativeTurn } from './native-turn.ts';
import { cloneFrame, expectSuccess, Native } from './natives.ts';
import { encoders } from './video-codecs.ts';
import type { VideoFrame } from './video-frame.ts';

/** One encoded frame. H.264 is Annex B, with SPS and PPS in front of each key frame. */
export interface EncodedFrame {
  /** The caller's own. */
  data: Uint8Array;
  keyframe: boolean;
  /** RTP timestamp (90 kHz) of the frame that went in. */
  timestamp: number;
}

/** Bits per second. Neither library can do anything with less. */
const LOWEST_BITRATE = 10_000;

/**
 * Encodes frames of one size on libuv's pool: one frame in, its encoding out, no delay. The bitrate may change at any
 * time. For another size or matrix open another.
 */
export class VideoEncoder implements Disposable {
  readonly #options: EncoderOptions;
  readonly #context: Native<CodecContext>;
  readonly #packet: Native<Packet>;
  readonly #rate: EncoderRate;
  readonly #turn: NativeTurn;

  private constructor(options: EncoderOptions, context: Native<CodecContext>, rate: EncoderRate) {
    this.#options = options;
    this.#context = context;
    this.#rate = rate;
    this.#packet = new Native(new Packet(), (packet) => packet.free());
    this.#packet.value.alloc();
    this.#turn = new NativeTurn(`${options.codec} encoder`, () => {
      this.#packet.release();
      this.#context.release();
    });
  }

  /** @throws SightlineError `codec-failed` */
  static async open(wanted: EncoderOptions): Promise<VideoEncoder> {
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
      return new VideoEncoder(options, context, rate);
    } catch (error) {
      context.release();
      throw error;
    } finally {
      settings.free();
    }
  }

  /** Of the coded picture, in pixels; even. */
  get width(): number {
    return this.#options.width;
  }

  /** Of the coded picture, in pixels; even. */
  get height(): number {
    return this.#options.height;
  }

  /** Bits per second that are aimed at. */
  get bitrate(): number {
    return this.#rate.bitrate;
  }

  /**
   * Aims at another bitrate from the next frame on, without a key frame; what goes out follows within about half a
   * second. It may be called as often as one likes, also while a frame is encoded. Frames that the caller leaves out
   * change nothing: the rate is kept over the time between the timestamps, not over the frames.
   * @param bitsPerSecond 10,000 where it is less
   */
  setBitrate(bitsPerSecond: number): void {
    this.#rate.bitrate = Math.max(Math.round(bitsPerSecond), LOWEST_BITRATE);
  }

  /** Whether the frame has this encoder's size, but for an odd last column or row, and its matrix. */
  fits(frame: VideoFrame): boolean {
    const { codec, matrix } = this.#options;
    return this.#hasSizeOf(frame) && (codec === 'VP8' || frame.matrix === matrix);
  }

  /**
   * Encodes a frame. It stays the caller's, who may close it at once, and must not write to it without
   * `makeWritable()` before this returns. undefined where the encoder dropped it, or was closed meanwhile.
   * @param options.keyframe makes this frame a key frame
   * @throws SightlineError `codec-failed`, also when called while a call is running or with a frame of another size
   */
  async encode(frame: VideoFrame, options: { keyframe: boolean }): Promise<EncodedFrame | undefined> {
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

  /** Frees the encoder, after the call that is running. */
  close(): void {
    this.#turn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #hasSizeOf(frame: VideoFrame): boolean {
    return evenDown(frame.width) === this.width && evenDown(frame.height) === this.height;
  }

  #expectSize(frame: VideoFrame): void {
    if (this.#hasSizeOf(frame)) return;
    const { codec, width, height } = this.#options;
    const found = `found one of ${frame.width}×${frame.height}`;
    throw new SightlineError(
      'codec-failed',
      `Cannot encode ${codec}: expected a frame of ${width}×${height}, ${found}`,
    );
  }

  /** A reference of the encoder's own, so that time, type and crop are not written into the caller's frame. */
  #inputOf(frame: VideoFrame, keyframe: boolean): Native<Frame> {
    const input = cloneFrame(frame.native);
    input.value.width = this.width;
    input.value.height = this.height;
    input.value.pts = this.#rate.next(frame.timestamp);
    input.value.pictType = keyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    return input;
  }

  async #receive(timestamp: number): Promise<EncodedFrame | undefined> {
    const packet = this.#packet.value;
    const code = await this.#context.value.receivePacket(packet);
    if (code === AVERROR_EAGAIN) return undefined;
    expectSuccess(code, `encode a ${this.#options.codec} frame`);
    const data = new Uint8Array(packet.data ?? []);
    const { isKeyframe } = packet;
    packet.unref();
    return this.#turn.closed ? undefined : { data, keyframe: isKeyframe, timestamp };
  }
}
