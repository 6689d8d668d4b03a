import type { JpegWish } from '../../protocol/frame-messages.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { FrameResizer } from '../codec/frame-resizer.ts';
import type { JpegEncoder } from '../codec/jpeg-encoder.ts';
import type { VideoFrame } from '../codec/video-frame.ts';
import type { FrameRecord } from '../pipeline/frame-record.ts';
import { NewestSlot } from '../pipeline/newest-slot.ts';
import type { FrameSink, Scene } from '../pipeline/scene.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';

/** A frame as a JPEG file, made once for all who read it: nobody writes into it. */
export interface JpegPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** RTP timestamp, 90 kHz, as results name it. */
  readonly timestamp: number;
  /** Unix milliseconds of its capture. */
  readonly captureTime: number;
  /** Which frame of the scene it is, from 1: a gap means that frames were left out. */
  readonly frame: number;
}

/** One who reads JPEGs. */
export interface JpegReader {
  /** Whether it can take one now. One that cannot misses frames; when that changes it tells by `poke()` of its seat. */
  isReady(nowMs: number): boolean;
  show(picture: JpegPicture): void;
}

/** The place of one who reads. */
export interface JpegSeat {
  /** Looks whether the reader is to be shown the frame that waits. */
  poke(): void;
  leave(): void;
}

export interface JpegFeedOptions {
  readonly scene: Scene;
  readonly codecs: Codecs;
  readonly wish: Pick<JpegWish, 'quality' | 'width' | 'picture'>;
  readonly warn: RateLimitedWarning;
  /** Told when the last reader has left. */
  readonly onEmpty: () => void;
}

interface Entry {
  readonly frame: VideoFrame;
  readonly record: FrameRecord;
  readonly number: number;
}

/** What an encoder is made of, for as long as somebody reads. */
interface Tools {
  readonly jpeg: JpegEncoder;
  readonly resizer: FrameResizer;
}

/**
 * The frames of a scene as JPEGs, drawn and encoded once for all who read the same. It runs while somebody reads, and
 * holds one frame that waits for a reader (newest wins) beside the one in work.
 */
export class JpegFeed implements FrameSink {
  readonly #options: JpegFeedOptions;
  readonly #readers = new Set<JpegReader>();
  readonly #slot = new NewestSlot<Entry>(({ frame }) => frame.close());
  #tools: Tools | undefined;
  #unhook: (() => void) | undefined;
  #running = false;

  constructor(options: JpegFeedOptions) {
    this.#options = options;
  }

  join(reader: JpegReader): JpegSeat {
    this.#readers.add(reader);
    this.#unhook ??= this.#options.scene.addSink(this);
    return { poke: () => this.#wake(), leave: () => this.#leave(reader) };
  }

  push(frame: VideoFrame, record: FrameRecord): void {
    // Of frames in exact mode it is the newest that was let go, near enough to count gaps by.
    this.#slot.put({ frame, record, number: this.#options.scene.frames });
    this.#wake();
  }

  #wake(): void {
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#ready().length > 0) {
      const entry = this.#slot.take();
      if (!entry) break;
      await this.#process(entry);
    }
    this.#running = false;
  }

  #ready(): JpegReader[] {
    const now = performance.now();
    return [...this.#readers].filter((reader) => reader.isReady(now));
  }

  async #process({ frame, record, number }: Entry): Promise<void> {
    using _owned = frame;
    try {
      const picture = await this.#encode(frame, record, number);
      if (!picture) return;
      for (const reader of this.#ready()) reader.show(picture);
    } catch (error) {
      // Without a reader the tools were taken away under it.
      if (this.#readers.size > 0) this.#options.warn({ error }, 'Frame not made a JPEG');
      this.#closeTools();
    }
  }

  async #encode(frame: VideoFrame, record: FrameRecord, number: number): Promise<JpegPicture | undefined> {
    const { scene, wish } = this.#options;
    const { jpeg, resizer } = this.#openTools();
    const { width, height } = sizeOf(frame, wish.width);
    using sized = await resizer.resize(frame, width, height);
    if (sized === undefined) return undefined;
    if (wish.picture === 'annotated' || scene.hides) scene.compose(sized);
    const data = await jpeg.encode(sized);
    return {
      data,
      width,
      height,
      timestamp: frame.timestamp,
      captureTime: scene.captureTime(record),
      frame: number,
    };
  }

  #openTools(): Tools {
    const { codecs, wish } = this.#options;
    this.#tools ??= {
      jpeg: codecs.openJpegEncoder({ quality: wish.quality }),
      resizer: codecs.newResizer(),
    };
    return this.#tools;
  }

  #closeTools(): void {
    this.#tools?.jpeg.close();
    this.#tools?.resizer.close();
    this.#tools = undefined;
  }

  #leave(reader: JpegReader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    this.#unhook?.();
    this.#unhook = undefined;
    this.#slot.close();
    this.#closeTools();
    this.#options.onEmpty();
  }
}

/** Never larger than the frame. Even, as chroma wants it, where it is made smaller. */
function sizeOf({ width, height }: VideoFrame, wanted = width): { width: number; height: number } {
  if (wanted >= width) return { width, height };
  const even = (pixels: number) => Math.max(2, 2 * Math.round(pixels / 2));
  return { width: even(wanted), height: even((height * wanted) / width) };
}
