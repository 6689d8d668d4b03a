import {
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, type Frame, Packet, Rational } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import { evenDown } from '../encoder.ts';
import type { WriterOptions } from '../media-writer.ts';
import { expectSuccess, Native } from './natives.ts';

/** Seconds between key frames: what is sought for is found as fast, and a fragment is as long. */
const GROUP_SECONDS = 2;
/** Seconds over which a bitrate is kept. */
const RATE_WINDOW = 2;
/** Frames a second are told as a fraction of this. */
const RATE_SCALE = 1000;

const colourSpaces = { bt601: AVCOL_SPC_SMPTE170M, bt709: AVCOL_SPC_BT709 } as const;

/** Options of libx264's own, under FFmpeg's names. */
const efforts = {
  quality: { preset: 'superfast', crf: '23' },
  realtime: { preset: 'ultrafast', tune: 'zerolatency', crf: '26', 'x264-params': 'no-deblock=0:subme=1' },
} as const;

/** H.264 for a file: in the order of decoding, with the parameter sets apart. */
export class FileEncoder {
  readonly context: CodecContext;
  readonly #context: Native<CodecContext>;
  readonly #packet: Native<Packet>;

  private constructor(context: Native<CodecContext>) {
    this.#context = context;
    this.context = context.value;
    this.#packet = new Native(new Packet(), (packet) => packet.free());
    this.#packet.value.alloc();
  }

  /** @throws SightlineError `codec-failed` */
  static async open(options: WriterOptions): Promise<FileEncoder> {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
    if (!codec) throw new SightlineError('codec-failed', 'Cannot encode H264: this FFmpeg has no encoder');
    const context = new Native(new CodecContext(), (value) => value.freeContext());
    const settings = Dictionary.fromObject(efforts[options.effort ?? 'quality']);
    try {
      context.value.allocContext3(codec);
      configure(context.value, options);
      const size = `${options.width}×${options.height}`;
      expectSuccess(await context.value.open2(codec, settings), `open the H264 encoder for ${size}`);
      return new FileEncoder(context);
    } catch (error) {
      context.release();
      throw error;
    } finally {
      settings.free();
    }
  }

  /** @returns packets, each valid until the next is asked for */
  async *encode(frame: Frame): AsyncGenerator<Packet, void, undefined> {
    expectSuccess(await this.context.sendFrame(frame), 'encode a picture');
    yield* this.#packets();
  }

  /** What is held back. */
  async *flush(): AsyncGenerator<Packet, void, undefined> {
    expectSuccess(await this.context.sendFrame(null), 'encode the last pictures');
    yield* this.#packets();
  }

  close(): void {
    this.#packet.release();
    this.#context.release();
  }

  async *#packets(): AsyncGenerator<Packet, void, undefined> {
    const packet = this.#packet.value;
    for (;;) {
      const code = await this.context.receivePacket(packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      expectSuccess(code, 'encode a picture');
      yield packet;
      packet.unref();
    }
  }
}

function configure(context: CodecContext, options: WriterOptions): void {
  const { matrix, frameRate = 30, maxBitrate, effort = 'quality' } = options;
  context.width = evenDown(options.width);
  context.height = evenDown(options.height);
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.colorRange = AVCOL_RANGE_MPEG;
  context.colorSpace = matrix ? colourSpaces[matrix] : AVCOL_SPC_UNSPECIFIED;
  context.timeBase = new Rational(1, 90_000);
  context.framerate = new Rational(Math.max(1, Math.round(frameRate * RATE_SCALE)), RATE_SCALE);
  context.gopSize = Math.max(1, Math.round(GROUP_SECONDS * frameRate));
  if (effort === 'realtime') context.maxBFrames = 0;
  context.threadCount = options.threads ?? (effort === 'realtime' ? 1 : 0);
  // The parameter sets stand in the head of the file.
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_FRAME_DURATION);
  if (maxBitrate === undefined) return;
  context.rcMaxRate = BigInt(Math.round(maxBitrate));
  context.rcBufferSize = Math.round(maxBitrate * RATE_WINDOW);
}
