import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_NOPTS_VALUE,
  AVDISCARD_ALL,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Dictionary, FFmpegError, FormatContext, IOContext, Packet, type Stream } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import { isLive, type MediaSource } from '../media-source.ts';
import { ByteInput } from './media-byte-input.ts';
import { inputOptions } from './media-input-options.ts';
import { Native } from './natives.ts';

/** For a source of the network, where the caller says nothing. */
const DEFAULT_TIMEOUT_MS = 10_000;
/** Bytes that a stream of bytes is asked for at a time. */
const STREAM_BUFFER = 1 << 16;

/** What a demuxer is told. */
export interface DemuxerOptions {
  readonly timeoutMs?: number | undefined;
}

/**
 * Opens a container and takes its packets out, on libuv's pool. A call that waits for the network holds one thread of
 * the pool; it is let go by `interrupt()` and by the time-out.
 */
export class Demuxer {
  readonly #source: MediaSource;
  readonly #timeoutMs: number | undefined;
  readonly #format: Native<FormatContext>;
  readonly #packet: Native<Packet>;
  #io: Native<IOContext> | undefined;
  #input: ByteInput | undefined;
  #interrupted = false;
  #timedOut = false;
  #opened = false;

  private constructor(source: MediaSource, { timeoutMs = DEFAULT_TIMEOUT_MS }: DemuxerOptions) {
    this.#source = source;
    this.#timeoutMs = source.kind === 'url' ? timeoutMs : undefined;
    // Closing is asynchronous, and done by `close()`.
    this.#format = new Native(new FormatContext(), () => {});
    this.#format.value.allocContext();
    this.#packet = new Native(new Packet(), (packet) => packet.free());
    this.#packet.value.alloc();
  }

  /** @param interruptible is given what ends the opening @throws SightlineError `source-unreadable`, `source-timeout` */
  static async open(
    source: MediaSource,
    options: DemuxerOptions,
    interruptible: (demuxer: Demuxer) => void,
  ): Promise<Demuxer> {
    const demuxer = new Demuxer(source, options);
    try {
      interruptible(demuxer);
      await demuxer.#open();
      return demuxer;
    } catch (error) {
      await demuxer.close();
      throw error;
    }
  }

  get format(): FormatContext {
    return this.#format.value;
  }

  /** The stream to look at. @throws SightlineError `source-no-video` */
  get video(): Stream {
    const stream = this.format.streams[this.format.findBestStream(AVMEDIA_TYPE_VIDEO)];
    if (stream && !stream.hasDisposition(AV_DISPOSITION_ATTACHED_PIC)) return stream;
    const found = `found ${this.format.nbStreams === 0 ? 'no streams' : 'none among its streams'}`;
    throw this.#error('source-no-video', `expected a stream of pictures, ${found}`);
  }

  /** The sound that belongs to the pictures. */
  audioBeside(video: Stream): Stream | undefined {
    return this.format.streams[this.format.findBestStream(AVMEDIA_TYPE_AUDIO, -1, video.index)];
  }

  /** Leaves all other streams out. */
  keep(...kept: readonly (Stream | undefined)[]): void {
    for (const stream of this.format.streams) {
      if (!kept.some((one) => one?.index === stream.index)) stream.discard = AVDISCARD_ALL;
    }
  }

  /**
   * The next packet, valid until the next call; undefined at the end.
   * @throws SightlineError `source-unreadable`, `source-timeout`
   */
  async next(): Promise<Packet | undefined> {
    const packet = this.#packet.value;
    packet.unref();
    const code = await this.#inTime(() => this.format.readFrame(packet));
    if (code === AVERROR_EOF) {
      this.#expectInput();
      return undefined;
    }
    this.#expect(code, 'the next packet');
    return packet;
  }

  /** Lets go of a call that waits, and of every further one. */
  interrupt(): void {
    this.#interrupted = true;
    this.format.interrupt();
    // FFmpeg then waits for the stream, not for the network.
    this.#input?.destroy();
    if (this.#source.kind === 'stream') this.#source.stream.destroy();
  }

  /** To be called when no call is running any more. */
  async close(): Promise<void> {
    this.#packet.release();
    if (this.#opened) await this.format.closeInput();
    else this.format.freeContext();
    this.#format.release();
    this.#input?.destroy();
    this.#io?.release();
  }

  /** Seconds on the clock of the container that its beginning has; undefined where it does not say. */
  get startSeconds(): number | undefined {
    return microseconds(this.format.startTime);
  }

  get durationSeconds(): number | undefined {
    const seconds = microseconds(this.format.duration);
    return seconds !== undefined && seconds > 0 ? seconds : undefined;
  }

  async #open(): Promise<void> {
    const source = this.#source;
    if (source.kind === 'stream') this.#connect(new ByteInput(source.stream, source.random));
    const { address, options } = inputOptions(source, this.#timeoutMs);
    const dictionary = Dictionary.fromObject(options);
    try {
      const code = await this.#inTime(() => this.format.openInput(address, null, dictionary));
      // FFmpeg frees the context itself where opening fails.
      this.#opened = true;
      this.#expect(code, 'a film or a picture');
      this.#expect(await this.#inTime(() => this.format.findStreamInfo()), 'its streams');
      this.#expectInput();
    } finally {
      dictionary.free();
    }
  }

  #connect(input: ByteInput): void {
    this.#input = input;
    this.#io = new Native(new IOContext(), (io) => io.freeContext());
    this.#io.value.allocContextWithCallbacks(STREAM_BUFFER, 0, input.read, null, input.seek ?? null);
    this.format.pb = this.#io.value;
  }

  /** FFmpeg reports an interruption as whatever it was about; what was meant is kept beside. */
  async #inTime(call: () => Promise<number>): Promise<number> {
    if (this.#timeoutMs === undefined) return call();
    const timer = setTimeout(() => {
      this.#timedOut = true;
      this.format.interrupt();
    }, this.#timeoutMs);
    try {
      return await call();
    } finally {
      clearTimeout(timer);
    }
  }

  #expect(code: number, expected: string): void {
    if (this.#interrupted) throw this.#error('source-unreadable', `expected ${expected}, found it closed`);
    if (code >= 0) return;
    this.#expectInput();
    if (this.#timedOut) {
      throw this.#error('source-timeout', `expected ${expected} within ${this.#timeoutMs} ms, found nothing`);
    }
    const words = FFmpegError.strerror(code);
    throw this.#error('source-unreadable', `expected ${expected}, found "${words}"`, new FFmpegError(code));
  }

  /** FFmpeg takes a stream that fails for one that ends, here and there. */
  #expectInput(): void {
    if (this.#input?.failure instanceof SightlineError) throw this.#input.failure;
  }

  #error(
    code: 'source-unreadable' | 'source-timeout' | 'source-no-video',
    words: string,
    cause?: unknown,
  ): SightlineError {
    const verb = isLive(this.#source) ? 'watch' : 'read';
    return new SightlineError(code, `Cannot ${verb} ${this.#source.label}: ${words}`, { cause });
  }
}

function microseconds(time: bigint): number | undefined {
  return time === AV_NOPTS_VALUE ? undefined : Number(time) / 1e6;
}
