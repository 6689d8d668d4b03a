import type { Readable } from 'node:stream';
import { AVERROR_EIO, AVERROR_EOF, AVSEEK_CUR, AVSEEK_END, AVSEEK_SET, AVSEEK_SIZE } from 'node-av/constants';
import { SightlineError } from '../../../protocol/errors.ts';
import type { RandomAccess } from '../media-source.ts';

/** What lies so near ahead is read through: to begin anew there takes longer. */
const NEAR_BYTES = 256 * 1024;

/**
 * What FFmpeg reads a stream of bytes by: it asks on a thread of its own, and is answered on the event loop. A stream
 * that is destroyed ends; one that breaks off is begun anew where it was, if it can be, once at each place.
 */
export class ByteInput {
  readonly #random: RandomAccess | undefined;
  readonly #abort = new AbortController();
  /** Undefined where it is to be begun anew at the position. */
  #stream: Readable | undefined;
  #chunks: AsyncIterator<Buffer> | undefined;
  #rest: Buffer = Buffer.alloc(0);
  /** Of the next byte. */
  #position = 0;
  #brokenOffAt = -1;
  #failure: unknown;

  constructor(stream: Readable, random?: RandomAccess) {
    this.#random = random;
    this.#use(stream);
  }

  /** What went wrong; FFmpeg knows only that something did. */
  get failure(): unknown {
    return this.#failure;
  }

  /** @returns at most `size` bytes, or a code of FFmpeg; one call at a time */
  readonly read = async (size: number): Promise<Buffer | number> => {
    for (;;) {
      try {
        while (this.#rest.length === 0) {
          const { done, value } = await (await this.#opened()).next();
          if (done) return AVERROR_EOF;
          this.#rest = Buffer.from(value);
        }
        return this.#take(size);
      } catch (error) {
        if (this.#abort.signal.aborted || this.#stream?.errored === null) return AVERROR_EOF;
        if (!this.#mayGoOn(error)) {
          this.#failure = error;
          return AVERROR_EIO;
        }
        this.#begin(this.#position);
      }
    }
  };

  /** As `seek` of avio_alloc_context(); undefined where the stream goes forward alone. */
  get seek(): ((offset: bigint, whence: number) => Promise<bigint>) | undefined {
    const size = this.#random?.size;
    if (size === undefined) return undefined;
    return async (offset, whence) => {
      if (whence === AVSEEK_SIZE) return BigInt(size);
      const origins = { [AVSEEK_SET]: 0, [AVSEEK_CUR]: this.#position, [AVSEEK_END]: size };
      const origin = origins[whence];
      const target = (origin ?? Number.NaN) + Number(offset);
      if (!(target >= 0 && target <= size)) return BigInt(AVERROR_EIO);
      await this.#goTo(target);
      return BigInt(this.#position);
    };
  }

  /** Idempotent. Ends a `read()` that waits. */
  destroy(): void {
    this.#abort.abort();
    this.#stream?.destroy();
  }

  async #goTo(target: number): Promise<void> {
    // What goes wrong at one place need not matter at another.
    this.#failure = undefined;
    const isNear = target >= this.#position && target - this.#position <= NEAR_BYTES;
    if (!isNear) return this.#begin(target);
    while (this.#position < target) {
      const read = await this.read(target - this.#position);
      if (typeof read === 'number') return this.#begin(target);
    }
  }

  #take(size: number): Buffer {
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(taken.length);
    this.#position += taken.length;
    return taken;
  }

  #use(stream: Readable): AsyncIterator<Buffer> {
    this.#stream = stream;
    const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
    this.#chunks = chunks;
    return chunks;
  }

  /** Nothing is asked for before it is needed: often the next place is another one. */
  #begin(position: number): void {
    this.#stream?.destroy();
    this.#stream = undefined;
    this.#chunks = undefined;
    this.#rest = Buffer.alloc(0);
    this.#position = position;
  }

  async #opened(): Promise<AsyncIterator<Buffer>> {
    if (this.#chunks) return this.#chunks;
    const random = this.#random;
    if (!random || this.#position >= random.size)
      return { next: async () => ({ done: true, value: undefined }) };
    const stream = await random.open(this.#position, this.#abort.signal);
    if (this.#abort.signal.aborted) stream.destroy();
    return this.#use(stream);
  }

  #mayGoOn(error: unknown): boolean {
    if (!this.#random || this.#brokenOffAt === this.#position) return false;
    this.#brokenOffAt = this.#position;
    // It was waited for long enough, or was asked for and refused.
    return error instanceof SightlineError && error.code === 'source-unreadable';
  }
}
