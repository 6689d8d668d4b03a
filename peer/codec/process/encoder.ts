import { SightlineError } from '../../../protocol/errors.ts';
import {
  type EncodedFrame,
  type EncoderOptions,
  evenDown,
  LOWEST_BITRATE,
  type VideoEncoder,
} from '../encoder.ts';
import { Turn } from '../turn.ts';
import { BitBudget } from './bit-budget.ts';
import { ENCODER_RATE, encoderArguments } from './encoder-arguments.ts';
import { type ProcessRate, rateOf } from './encoder-rate.ts';
import { Exchange } from './exchange.ts';
import { ivfFrameHeader, ivfHeader } from './ivf.ts';
import { type Planes, planesBytes } from './planes.ts';
import type { FfmpegProgram } from './program.ts';
import type { PlainVideoFrame } from './video-frame.ts';

/** A frame takes some 3 ms. A child that takes as long as this hangs. */
const PATIENCE_MS = 2_000;
/** No coded frame is larger than its picture by more than its headers. */
const SLACK_BYTES = 65_536;

/**
 * Encodes with an ffmpeg process. VP8 follows a new bitrate as the native encoder does. For H.264 another process is
 * started where the rate, or the pace of the frames, has changed by 15 %, at most once a second, with a key frame.
 * Drop policy: a frame for which there are no bits left is dropped, unless it is to be a key frame.
 */
export class ProcessEncoder implements VideoEncoder {
  readonly #program: FfmpegProgram;
  readonly #encoder: string;
  readonly #options: EncoderOptions;
  readonly #rate: ProcessRate;
  readonly #budget = new BitBudget();
  readonly #turn: Turn;
  #exchange: Exchange | undefined;

  /** @throws SightlineError `codec-failed` */
  constructor(program: FfmpegProgram, wanted: EncoderOptions) {
    const options = { ...wanted, width: evenDown(wanted.width), height: evenDown(wanted.height) };
    const { codec, width, height, bitrate } = options;
    const encoder = program.encoders[codec];
    if (!encoder)
      throw new SightlineError('codec-failed', `Cannot encode ${codec}: this ffmpeg has no encoder`);
    if (!(width > 0 && height > 0)) {
      const message = `Cannot open the ${codec} encoder: expected a size above 0, found ${width}×${height}`;
      throw new SightlineError('codec-failed', message);
    }
    this.#program = program;
    this.#encoder = encoder;
    this.#options = options;
    this.#rate = rateOf(codec, Math.max(bitrate, LOWEST_BITRATE));
    this.#turn = new Turn(`${codec} encoder`, () => {});
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

  fits(frame: PlainVideoFrame): boolean {
    const { codec, matrix } = this.#options;
    return this.#hasSizeOf(frame) && (codec === 'VP8' || frame.matrix === matrix);
  }

  async encode(
    frame: PlainVideoFrame,
    { keyframe }: { keyframe: boolean },
  ): Promise<EncodedFrame | undefined> {
    this.#expectSize(frame);
    const { timestamp } = frame;
    return this.#turn.run(async () => {
      const hasRoom = this.#budget.hasRoom(timestamp, this.bitrate);
      if (!hasRoom && !keyframe && this.#exchange) return undefined;
      return this.#encode(frame.planes, timestamp, keyframe);
    });
  }

  close(): void {
    this.#turn.close();
    this.#exchange?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #encode(planes: Planes, timestamp: number, wanted: boolean): Promise<EncodedFrame | undefined> {
    const { codec, width, height } = this.#options;
    const time = this.#rate.next(timestamp);
    const running = this.#exchange?.ended || this.#rate.isOff ? undefined : this.#exchange;
    const exchange = running ?? this.#open();
    // The first frame is a key frame by itself, and its time must be even.
    const mark = wanted && running ? 1 : 0;
    planes.hold();
    const parts = [ivfFrameHeader(planesBytes(width, height), 2 * time + mark), planes.packed(width, height)];
    const packet = await exchange.ask(`encode a ${codec} frame`, parts, PATIENCE_MS, () => planes.release());
    if (this.#turn.closed) return undefined;
    if (!packet) {
      exchange.close();
      throw new SightlineError('codec-failed', `Cannot encode a ${codec} frame: ffmpeg does not answer`);
    }
    this.#budget.spend(packet.data.length);
    return { data: packet.data, keyframe: packet.keyframe, timestamp };
  }

  /** Starts a process, in place of the one there may be. */
  #open(): Exchange {
    this.#exchange?.close();
    const { width, height } = this.#options;
    this.#exchange = new Exchange({
      program: this.#program.path,
      args: encoderArguments(this.#program, this.#encoder, this.#options, this.#rate.open()),
      header: ivfHeader({ code: 'I420', width, height, rate: ENCODER_RATE }),
      allocate: (bytes) => new Uint8Array(bytes),
      maxPacketBytes: planesBytes(width, height) + SLACK_BYTES,
    });
    return this.#exchange;
  }

  #hasSizeOf(frame: PlainVideoFrame): boolean {
    return evenDown(frame.width) === this.width && evenDown(frame.height) === this.height;
  }

  #expectSize(frame: PlainVideoFrame): void {
    if (this.#hasSizeOf(frame)) return;
    const { codec, width, height } = this.#options;
    const found = `found one of ${frame.width}×${frame.height}`;
    throw new SightlineError(
      'codec-failed',
      `Cannot encode ${codec}: expected a frame of ${width}×${height}, ${found}`,
    );
  }
}
