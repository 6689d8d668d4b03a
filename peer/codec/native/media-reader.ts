import { availableParallelism } from 'node:os';
import { AV_NOPTS_VALUE, AVCOL_SPC_BT709, AVCOL_SPC_RGB, AVCOL_SPC_SMPTE170M } from 'node-av/constants';
import type { Frame, Packet, Stream } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import { MediaQueue } from '../media-queue.ts';
import type { MediaInfo, MediaItem, MediaPicture, MediaReader, ReaderOptions } from '../media-reader.ts';
import { isLive, type MediaSource } from '../media-source.ts';
import { MediaTimes, toTimestamp90k } from '../media-times.ts';
import { FramePool } from './frame-pool.ts';
import { isLimitedI420, LimitedRange } from './limited-range.ts';
import { MediaDecoder } from './media-decoder.ts';
import { Demuxer } from './media-demuxer.ts';
import { audioFormatOf, frameRateOf, infoOf } from './media-info.ts';
import { PictureTurner, quarterOf } from './media-turn.ts';
import type { Native } from './natives.ts';
import { NativeVideoFrame } from './video-frame.ts';

/** More threads than this hold many pictures back and gain little. */
const MOST_THREADS = 4;
const DEFAULT_READ_AHEAD = 4;
/** 8K UHD. */
const DEFAULT_MAX_PIXELS = 7680 * 4320;
/** Where the container does not say how far pictures are apart. */
const DEFAULT_INTERVAL = 1 / 25;
/** Up to this height films without a matrix are taken for BT.601, as everywhere. */
const SD_HEIGHT = 576;

/** Demuxes and decodes on libuv's pool, a few pictures ahead of its reader. */
export class NativeMediaReader implements MediaReader {
  readonly info: MediaInfo;
  readonly #demuxer: Demuxer;
  readonly #decoder: MediaDecoder;
  readonly #video: Stream;
  readonly #audio: Stream | undefined;
  readonly #pool: FramePool;
  readonly #limited: LimitedRange;
  readonly #turner: PictureTurner | undefined;
  readonly #times: MediaTimes;
  readonly #maxPixels: number;
  readonly #ahead: MediaQueue<MediaItem>;
  readonly #loop: Promise<void>;
  #closing: Promise<void> | undefined;

  /** @throws SightlineError `source-unreadable`, `source-timeout`, `source-no-video`, `source-codec-unsupported` */
  static async open(source: MediaSource, options: ReaderOptions = {}): Promise<NativeMediaReader> {
    const { signal } = options;
    signal?.throwIfAborted();
    let stop: (() => void) | undefined;
    try {
      const demuxer = await Demuxer.open(source, options, (opening) => {
        stop = () => opening.interrupt();
        signal?.addEventListener('abort', stop, { once: true });
      });
      return await NativeMediaReader.#over(demuxer, source, options);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      if (stop) signal?.removeEventListener('abort', stop);
    }
  }

  static async #over(
    demuxer: Demuxer,
    source: MediaSource,
    options: ReaderOptions,
  ): Promise<NativeMediaReader> {
    try {
      const { video } = demuxer;
      const live = isLive(source);
      const decoder = await MediaDecoder.open(video, {
        threads: options.threads ?? (live ? 1 : Math.min(MOST_THREADS, availableParallelism())),
        lowDelay: live,
        maxPixels: options.maxPixels ?? DEFAULT_MAX_PIXELS,
        label: source.label,
      });
      return new NativeMediaReader(demuxer, decoder, source, options);
    } catch (error) {
      await demuxer.close();
      throw error;
    }
  }

  private constructor(demuxer: Demuxer, decoder: MediaDecoder, source: MediaSource, options: ReaderOptions) {
    const { readAhead = DEFAULT_READ_AHEAD, signal } = options;
    this.#demuxer = demuxer;
    this.#decoder = decoder;
    this.#video = demuxer.video;
    const audio = demuxer.audioBeside(this.#video);
    const format = audio && audioFormatOf(audio);
    this.#audio = options.audio && format ? audio : undefined;
    demuxer.keep(this.#video, this.#audio);
    this.info = infoOf(demuxer, this.#video, { source, codec: decoder.codec, audio: format });
    this.#maxPixels = options.maxPixels ?? DEFAULT_MAX_PIXELS;
    // A camera's clock began long ago, and what it says of its beginning is a guess.
    const origin = isLive(source) ? undefined : demuxer.startSeconds;
    this.#times = new MediaTimes(
      origin,
      1 / (frameRateOf(this.#video) ?? 1 / DEFAULT_INTERVAL),
      options.firstSeconds,
    );
    this.#pool = new FramePool();
    this.#limited = new LimitedRange(this.#pool);
    const quarter = quarterOf(this.#video);
    this.#turner = quarter === 0 ? undefined : new PictureTurner(quarter);
    this.#ahead = new MediaQueue(Math.max(1, readAhead), drop);
    this.#loop = this.#fill();
    signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  get damaged(): number {
    return this.#decoder.damaged;
  }

  read(): Promise<MediaItem | undefined> {
    return this.#ahead.take();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#ahead.close();
    this.#demuxer.interrupt();
    await this.#loop;
    this.#turner?.close();
    this.#limited.close();
    this.#pool.close();
    this.#decoder.close();
    await this.#demuxer.close();
  }

  /** Reads until the end or until nobody reads any more. Never rejects. */
  async #fill(): Promise<void> {
    try {
      let pictures = 0;
      for await (const item of this.#items()) {
        if (item.type === 'picture') pictures += 1;
        if (!(await this.#ahead.put(item))) return;
      }
      if (pictures === 0) throw this.#error('expected at least one picture that can be decoded, found none');
      this.#ahead.end();
    } catch (error) {
      this.#ahead.fail(error);
    }
  }

  async *#items(): AsyncGenerator<MediaItem, void, undefined> {
    for (let packet = await this.#demuxer.next(); packet; packet = await this.#demuxer.next()) {
      if (packet.streamIndex === this.#video.index) yield* this.#pictures(packet);
      else if (packet.streamIndex === this.#audio?.index) yield* this.#sound(packet, this.#audio);
    }
    yield* this.#pictures(null);
  }

  async *#pictures(packet: Packet | null): AsyncGenerator<MediaPicture, void, undefined> {
    await this.#decoder.send(packet);
    for (let held = await this.#decoder.receive(); held; held = await this.#decoder.receive()) {
      yield await this.#pictureOf(held);
    }
  }

  /** Takes the frame over. */
  async #pictureOf(decoded: Native<Frame>): Promise<MediaPicture> {
    const time = decoded.value.bestEffortTimestamp;
    const { num, den } = this.#video.timeBase;
    const seconds = this.#times.picture(time === AV_NOPTS_VALUE ? undefined : (Number(time) * num) / den);
    let held = decoded;
    let pooled = false;
    try {
      this.#expectSize(held.value);
      if (!isLimitedI420(held.value)) {
        held = await this.#replace(held, (frame) => this.#limited.convert(matrixSet(frame)));
        pooled = true;
      }
      if (this.#turner) {
        const turner = this.#turner;
        held = await this.#replace(held, (frame) => turner.turn(frame));
        pooled = false;
      }
    } catch (error) {
      held.release();
      throw error;
    }
    const frame = new NativeVideoFrame(held, toTimestamp90k(seconds), { pool: this.#pool, pooled });
    return { type: 'picture', frame, seconds };
  }

  async #replace(
    held: Native<Frame>,
    make: (frame: Frame) => Promise<Native<Frame>>,
  ): Promise<Native<Frame>> {
    const made = await make(held.value);
    held.release();
    return made;
  }

  *#sound(packet: Packet, { timeBase }: Stream): Generator<MediaItem, void, undefined> {
    const { data, pts, duration } = packet;
    if (!data || pts === AV_NOPTS_VALUE) return;
    const scale = timeBase.num / timeBase.den;
    const seconds = this.#times.beside(Number(pts) * scale);
    if (seconds === undefined) return;
    yield { type: 'audio', data: new Uint8Array(data), seconds, durationSeconds: Number(duration) * scale };
  }

  #expectSize({ width, height }: Frame): void {
    if (width * height <= this.#maxPixels) return;
    throw this.#error(`expected pictures of at most ${this.#maxPixels} pixels, found ${width}×${height}`);
  }

  #error(words: string): SightlineError {
    return new SightlineError('source-unreadable', `Cannot read ${this.info.label}: ${words}`);
  }
}

/** Pictures in RGB have no matrix; what they are turned into has one. */
function matrixSet(frame: Frame): Frame {
  if (frame.colorSpace === AVCOL_SPC_RGB) {
    frame.colorSpace = frame.height <= SD_HEIGHT ? AVCOL_SPC_SMPTE170M : AVCOL_SPC_BT709;
  }
  return frame;
}

function drop(item: MediaItem): void {
  if (item.type === 'picture') item.frame.close();
}
