import { AV_CODEC_FLAG_LOW_DELAY, AV_NOPTS_VALUE, AVERROR_EAGAIN, FF_THREAD_SLICE } from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet } from 'node-av/lib';
import { SightlineError } from '../../protocol/errors.ts';
import type { AccessUnit, IncomingCodec } from '../rtp/packet.ts';
import { FramePool } from './frame-pool.ts';
import { isLimitedI420, LimitedRange } from './limited-range.ts';
import { NativeTurn } from './native-turn.ts';
import { expectSuccess, Native, nativeFrame } from './natives.ts';
import { decoders } from './video-codecs.ts';
import { VideoFrame } from './video-frame.ts';

/** What the decoder needs of an access unit. */
type CodedUnit = Pick<AccessUnit, 'data' | 'timestamp'>;

/** Options of {@link VideoDecoder.open}. */
interface DecoderOptions {
  /** Threads for the slices or tiles of one frame. Never frame threads: each of those delays by a frame. */
  threads?: number;
}

/**
 * Decodes one stream on libuv's pool: one unit in, its frame out, no delay. Only H.264 that announces reordering
 * (num_reorder_frames; B-frames, which WebRTC senders do not make) comes out later, each frame with its own timestamp.
 * Frames may change size in mid-stream.
 * A unit that cannot be decoded is an error of that unit alone; the next key frame decodes again.
 */
export class VideoDecoder implements Disposable {
  readonly #codec: IncomingCodec;
  readonly #context: Native<CodecContext>;
  readonly #packet: Native<Packet>;
  readonly #pool = new FramePool();
  readonly #limited = new LimitedRange(this.#pool);
  readonly #turn: NativeTurn;

  private constructor(codec: IncomingCodec, context: Native<CodecContext>) {
    this.#codec = codec;
    this.#context = context;
    this.#packet = new Native(new Packet(), (packet) => packet.free());
    this.#packet.value.alloc();
    this.#turn = new NativeTurn(`${codec} decoder`, () => this.#release());
  }

  /** @throws SightlineError `codec-failed` */
  static async open(codec: IncomingCodec, options: DecoderOptions = {}): Promise<VideoDecoder> {
    const native = Codec.findDecoderByName(decoders[codec]);
    if (!native)
      throw new SightlineError('codec-failed', `Cannot decode ${codec}: this FFmpeg has no decoder`);
    const context = new Native(new CodecContext(), (value) => value.freeContext());
    context.value.allocContext3(native);
    context.value.threadCount = options.threads ?? 1;
    context.value.threadType = FF_THREAD_SLICE;
    // To libdav1d this means that it holds no frame back, however many threads it has.
    context.value.setFlags(AV_CODEC_FLAG_LOW_DELAY);
    try {
      expectSuccess(await context.value.open2(native, null), `open the ${codec} decoder`);
    } catch (error) {
      context.release();
      throw error;
    }
    return new VideoDecoder(codec, context);
  }

  /**
   * The frame of this unit, to be closed by the caller. undefined where the unit holds none (parameter sets alone), or
   * where the decoder was closed meanwhile.
   * @throws SightlineError `codec-failed` on damaged input, and when called while a call is running
   */
  async decode(unit: CodedUnit): Promise<VideoFrame | undefined> {
    return this.#turn.run(async () => {
      await this.#send(unit);
      const frame = await this.#receiveNewest(unit.timestamp);
      if (!this.#turn.closed) return frame;
      frame?.close();
      return undefined;
    });
  }

  /** Frees the decoder, after the call that is running. Frames that it gave stay valid. */
  close(): void {
    this.#turn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #send({ data, timestamp }: CodedUnit): Promise<void> {
    // To FFmpeg an empty packet is the end of the stream, after which it takes no other.
    if (data.length === 0) {
      throw new SightlineError(
        'codec-failed',
        `Cannot decode ${this.#codec}: expected a unit, found 0 bytes`,
      );
    }
    const packet = this.#packet.value;
    packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    packet.pts = BigInt(timestamp);
    const code = await this.#context.value.sendPacket(packet);
    packet.unref();
    expectSuccess(code, `decode a ${this.#codec} unit of ${data.length} bytes`);
  }

  /** Takes everything out, so that a unit with two pictures delays none after it. The newest wins. */
  async #receiveNewest(timestamp: number): Promise<VideoFrame | undefined> {
    let newest: VideoFrame | undefined;
    try {
      for (;;) {
        const next = await this.#receive(timestamp);
        if (!next) return newest;
        newest?.close();
        newest = next;
      }
    } catch (error) {
      newest?.close();
      throw error;
    }
  }

  async #receive(timestamp: number): Promise<VideoFrame | undefined> {
    const held = nativeFrame();
    try {
      const code = await this.#context.value.receiveFrame(held.value);
      if (code === AVERROR_EAGAIN) {
        held.release();
        return undefined;
      }
      expectSuccess(code, `decode a ${this.#codec} frame`);
      const at = timestampOf(held.value, timestamp);
      if (isLimitedI420(held.value)) return new VideoFrame(held, at, { pool: this.#pool });
      const converted = await this.#limited.convert(held.value);
      held.release();
      return new VideoFrame(converted, at, { pool: this.#pool, pooled: true });
    } catch (error) {
      held.release();
      throw error;
    }
  }

  #release(): void {
    this.#limited.close();
    this.#pool.close();
    this.#packet.release();
    this.#context.release();
  }
}

function timestampOf(frame: Frame, fallback: number): number {
  return frame.pts === AV_NOPTS_VALUE ? fallback : Number(frame.pts);
}
