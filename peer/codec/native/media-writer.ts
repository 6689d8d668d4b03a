import { AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_NONE, type AVPictureType } from 'node-av/constants';
import type { Packet } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import { evenDown } from '../encoder.ts';
import type { AudioPacket } from '../media-audio.ts';
import type { MediaWriter, WriterOptions, WrittenFile } from '../media-writer.ts';
import { FileEncoder } from './media-encoder.ts';
import { Muxer } from './media-muxer.ts';
import { cloneFrame } from './natives.ts';
import type { NativeVideoFrame } from './video-frame.ts';

/** Ticks a second of the pictures in the file. */
const TICKS_PER_SECOND = 90_000;
/** The longest fragment. */
const FRAGMENT_TICKS = 2 * TICKS_PER_SECOND;

/** Encodes with x264 and writes MP4, on libuv's pool. */
export class NativeMediaWriter implements MediaWriter {
  readonly width: number;
  readonly height: number;
  readonly #options: WriterOptions;
  readonly #code: NonNullable<WriterOptions['failure']>;
  readonly #encoder: FileEncoder;
  readonly #muxer: Muxer;
  readonly #frameTicks: number;
  /** The end of what has been asked for so far; never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  #failure: SightlineError | undefined;
  #frames = 0;
  #ticks = -1;
  /** Of the newest picture that was made a key frame for its time. */
  #keyTicks = 0;
  #finishing: Promise<WrittenFile> | undefined;
  #closing: Promise<void> | undefined;

  /** @throws SightlineError `output-failed` or `recording-failed`, as the options say */
  static async open(options: WriterOptions): Promise<NativeMediaWriter> {
    const code = options.failure ?? 'output-failed';
    let encoder: FileEncoder | undefined;
    try {
      encoder = await FileEncoder.open(options);
      return new NativeMediaWriter(options, encoder, await Muxer.open(encoder, options));
    } catch (error) {
      encoder?.close();
      throw toFailure(error, code, options);
    }
  }

  private constructor(options: WriterOptions, encoder: FileEncoder, muxer: Muxer) {
    this.width = evenDown(options.width);
    this.height = evenDown(options.height);
    this.#code = options.failure ?? 'output-failed';
    this.#options = options;
    this.#encoder = encoder;
    this.#muxer = muxer;
    this.#frameTicks = Math.round(TICKS_PER_SECOND / (options.frameRate ?? 30));
  }

  get bytes(): number {
    return this.#muxer.bytes;
  }

  async writeFrame(frame: NativeVideoFrame, seconds: number): Promise<void> {
    this.#expectSize(frame);
    this.#ticks = Math.max(this.#ticks + 1, Math.round(seconds * TICKS_PER_SECOND));
    const input = cloneFrame(frame.native);
    input.value.width = this.width;
    input.value.height = this.height;
    input.value.pts = BigInt(this.#ticks);
    input.value.duration = BigInt(this.#frameTicks);
    input.value.pictType = this.#pictureType();
    this.#frames += 1;
    try {
      await this.#inTurn(async () => this.#mux(this.#encoder.encode(input.value)));
    } finally {
      input.release();
    }
  }

  async writeAudio(packet: AudioPacket): Promise<void> {
    await this.#inTurn(() => this.#muxer.writeAudio(packet));
  }

  finish(): Promise<WrittenFile> {
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #finish(): Promise<WrittenFile> {
    await this.#inTurn(async () => {
      await this.#mux(this.#encoder.flush());
      await this.#muxer.finish();
    });
    const { bytes } = this;
    await this.#free();
    const durationSeconds = this.#frames === 0 ? 0 : (this.#ticks + this.#frameTicks) / TICKS_PER_SECOND;
    return { frames: this.#frames, bytes, durationSeconds };
  }

  /** What is being finished comes to its end. */
  async #close(): Promise<void> {
    if (this.#finishing) await Promise.allSettled([this.#finishing]);
    else this.#muxer.interrupt();
    await this.#free();
  }

  async #free(): Promise<void> {
    const closed = 'expected it open, found it closed';
    this.#failure ??= new SightlineError(this.#code, `Cannot write ${nameOf(this.#options)}: ${closed}`);
    await this.#last;
    this.#encoder.close();
    await this.#muxer.close();
  }

  async #mux(packets: AsyncIterable<Packet>): Promise<void> {
    for await (const packet of packets) await this.#muxer.writeVideo(packet);
  }

  /** Cameras send fewer pictures a second than expected: a fragment must not be longer for that. */
  #pictureType(): AVPictureType {
    if (this.#options.fragmented !== true || this.#ticks - this.#keyTicks < FRAGMENT_TICKS)
      return AV_PICTURE_TYPE_NONE;
    this.#keyTicks = this.#ticks;
    return AV_PICTURE_TYPE_I;
  }

  /** One call after the other; after one that failed, none. */
  async #inTurn(call: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(async () => {
      if (this.#failure) throw this.#failure;
      try {
        await call();
      } catch (error) {
        this.#failure ??= toFailure(error, this.#code, this.#options);
        throw this.#failure;
      }
    });
    this.#last = turn.catch(() => {});
    await turn;
  }

  #expectSize({ width, height }: NativeVideoFrame): void {
    if (evenDown(width) === this.width && evenDown(height) === this.height) return;
    const words = `expected pictures of ${this.width}×${this.height}, found one of ${width}×${height}`;
    throw new SightlineError(this.#code, `Cannot write ${nameOf(this.#options)}: ${words}`);
  }
}

function nameOf({ target }: WriterOptions): string {
  return typeof target === 'string' ? (target.split(/[/\\]/).at(-1) ?? target) : 'the output';
}

function toFailure(
  error: unknown,
  code: 'output-failed' | 'recording-failed',
  options: WriterOptions,
): SightlineError {
  const cause = error instanceof SightlineError && error.cause !== undefined ? error.cause : error;
  const found = cause instanceof Error ? cause.message : String(cause);
  const words = `expected room and a place to write to, found "${found}"`;
  return new SightlineError(code, `Cannot write ${nameOf(options)}: ${words}`, { cause });
}
