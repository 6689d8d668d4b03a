import { addAbortListener } from 'node:events';
import { SightlineError } from '../../protocol/errors.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { AudioFormat, AudioPacket } from '../codec/media-audio.ts';
import type { MediaInfo, MediaItem, MediaPicture, MediaReader } from '../codec/media-reader.ts';
import { type OpenSource, type OpenSourceOptions, openSource } from './open-source.ts';

export interface ReadingOptions extends OpenSourceOptions {
  readonly codecs: Codecs;
  /** How long a picture may be waited for, whatever else comes. */
  readonly pictureTimeoutMs: number;
  /** What its beginning is told as. */
  readonly firstSeconds: number;
  /** Takes the sound that comes between the pictures. */
  readonly onSound?: (packet: AudioPacket, format: AudioFormat | undefined) => void;
}

/** A source that is being read: its first picture is there. */
export class SourceReading {
  readonly #source: OpenSource;
  readonly #reader: MediaReader;
  readonly #pictureTimeoutMs: number;
  readonly #onSound: ReadingOptions['onSound'];
  #first: MediaPicture | undefined;

  /**
   * @throws SightlineError `source-invalid`, `source-refused`, `source-unreadable`, `source-timeout`, `source-no-video`,
   * `source-codec-unsupported`; the reason of `signal`
   */
  static async open(named: string, options: ReadingOptions): Promise<SourceReading> {
    // Once it is open, it is closed by who has it.
    const opening = new AbortController();
    using _abort = addAbortListener(options.signal, () => opening.abort(options.signal.reason));
    const { pictureTimeoutMs } = options;
    const timer = setTimeout(
      () => opening.abort(noPicture('the source', pictureTimeoutMs)),
      pictureTimeoutMs,
    );
    try {
      return await SourceReading.#open(named, { ...options, signal: opening.signal });
    } catch (error) {
      opening.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  static async #open(named: string, options: ReadingOptions): Promise<SourceReading> {
    const { codecs, timeoutMs, signal, firstSeconds } = options;
    const source = await openSource(named, options);
    let reader: MediaReader | undefined;
    try {
      // A camera is not to wait for pictures that come later.
      const threads = source.isLive ? { threads: 1 } : {};
      reader = await codecs.openReader(source.media, {
        timeoutMs,
        signal,
        firstSeconds,
        audio: options.onSound !== undefined,
        ...threads,
      });
      const reading = new SourceReading(source, reader, options);
      reading.#first = await reading.#read();
      signal.throwIfAborted();
      return reading;
    } catch (error) {
      await reader?.close();
      source.close();
      throw source.failure ?? error;
    }
  }

  private constructor(
    source: OpenSource,
    reader: MediaReader,
    { pictureTimeoutMs, onSound }: Pick<ReadingOptions, 'pictureTimeoutMs' | 'onSound'>,
  ) {
    this.#source = source;
    this.#reader = reader;
    this.#pictureTimeoutMs = pictureTimeoutMs;
    this.#onSound = onSound;
  }

  get info(): MediaInfo {
    return this.#reader.info;
  }

  /** Pictures come when they are taken, and their end is a fault. */
  get isLive(): boolean {
    return this.#source.isLive;
  }

  /** The next picture, to be closed by who asks; undefined at the end. @throws SightlineError as the reader does */
  async next(): Promise<MediaPicture | undefined> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#read();
  }

  /** Idempotent. Ends a `next()` that waits. */
  async close(): Promise<void> {
    this.#first?.frame.close();
    this.#first = undefined;
    await this.#reader.close();
    this.#source.close();
  }

  async #read(): Promise<MediaPicture | undefined> {
    let failure: SightlineError | undefined;
    const timer = setTimeout(() => {
      failure = noPicture(this.info.label, this.#pictureTimeoutMs);
      void this.#reader.close();
    }, this.#pictureTimeoutMs);
    try {
      let item: MediaItem | undefined;
      for (item = await this.#reader.read(); item?.type === 'audio'; item = await this.#reader.read()) {
        this.#onSound?.(item, this.info.audio);
      }
      if (item === undefined && failure) throw failure;
      return item;
    } catch (error) {
      throw failure ?? this.#source.failure ?? error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function noPicture(label: string, timeoutMs: number): SightlineError {
  const message = `Cannot read ${label}: expected a picture within ${timeoutMs} ms, found none`;
  return new SightlineError('source-timeout', message);
}
