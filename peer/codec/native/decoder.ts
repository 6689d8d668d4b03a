import { AV_CODEC_FLAG_LOW_DELAY, AV_NOPTS_VALUE, AVERROR_EAGAIN, FF_THREAD_SLICE } from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import type { IncomingCodec } from '../../rtp/packet.ts';
import type { CodedUnit, DecoderOptions, VideoDecoder } from '../decoder.ts';
import { Turn } from '../turn.ts';
import { FramePool } from './frame-pool.ts';
import { isLimitedI420, LimitedRange } from './limited-range.ts';
import { expectSuccess, Native, nativeFrame } from './natives.ts';
import { decoders } from './video-codecs.ts';
import { NativeVideoFrame } from './video-frame.ts';

/**
 * Decodes one stream on libuv's pool: one unit in, its frame out, no delay. Only H.264 that announces reordering
 * (num_reorder_frames; B-frames, which WebRTC senders do not make) comes out later, each frame with its own timestamp.
 */
export class NativeDecoder implements VideoDecoder {
  readonly #codec: IncomingCodec;
  readonly #context: Native<CodecContext>;
  readonly #packet: Native<Packet>;
  readonly #pool = new FramePool();
  readonly #limited = new LimitedRange(this.#pool);
  readonly #turn: Turn;

  private constructor(codec: IncomingCodec, context: Native<CodecContext>) {
    this.#codec = codec;
    this.#context = context;
    this.#packet = new Native(new Packet(), (packet) => packet.free());
    this.#packet.value.alloc();
    this.#turn = new Turn(`${codec} decoder`, () => this.#release());
  }

  /** @throws SightlineError `codec-failed` */
  static async open(codec: IncomingCodec, options: DecoderOptions = {}): Promise<NativeDecoder> {
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
    return new NativeDecoder(codec, context);
  }

  async decode(unit: CodedUnit): Promise<NativeVideoFrame | undefined> {
    return this.#turn.run(async () => {
      await this.#send(unit);
      const frame = await this.#receiveNewest(unit.timestamp);
      if (!this.#turn.closed) return frame;
      frame?.close();
      return undefined;
    });
  }

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
  async #receiveNewest(timestamp: number): Promise<NativeVideoFrame | undefined> {
    let newest: NativeVideoFrame | undefined;
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

  async #receive(timestamp: number): Promise<NativeVideoFrame | undefined> {
    const held = nativeFrame();
    try {
      // FFmpeg decodes while it takes the packet; fetching the frame moves a pointer, which is no work for the pool. Only
      // libdav1d decodes at this place.
      const code =
        this.#codec === 'AV1'
          ? await this.#context.value.receiveFrame(held.value)
          : this.#context.value.receiveFrameSync(held.value);
      if (code === AVERROR_EAGAIN) {
        held.release();
        return undefined;
      }
      expectSuccess(code, `decode a ${this.#codec} frame`);
      const at = timestampOf(held.value, timestamp);
      if (isLimitedI420(held.value)) return new NativeVideoFrame(held, at, { pool: this.#pool });
      const converted = await this.#limited.convert(held.value);
      held.release();
      return new NativeVideoFrame(converted, at, { pool: this.#pool, pooled: true });
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
