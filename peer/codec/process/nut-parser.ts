import { ByteCursor } from './byte-cursor.ts';
import { FrameFlag, type NutMainHeader, readMainHeader, STARTCODE } from './nut-main-header.ts';

/** The beginning of a frame: what is left out of its data, and how many bytes of data follow. */
export interface NutFrame {
  /** Seconds. */
  readonly time: number;
  readonly keyframe: boolean;
  readonly prefix: Uint8Array;
  readonly bytes: number;
}

interface Parsed {
  /** Bytes that this took, without a frame's data. */
  readonly used: number;
  readonly frame?: NutFrame;
}

const MAIN = 'M'.charCodeAt(0);
const STREAM = 'S'.charCodeAt(0);
const SYNCPOINT = 'K'.charCodeAt(0);
/** Longer headers have a checksum after their length; longer frames leave nothing out. */
const SHORT_BYTES = 4096;

/** Reads headers and the beginnings of frames of one stream, one after the other (NUT, version 3). */
export class NutParser {
  #main: NutMainHeader | undefined;
  #timeBits = 0;
  #lastTime = 0;
  #width = 0;
  #height = 0;

  /** Of the pictures, in pixels; 0 until the header has come. */
  get size(): { readonly width: number; readonly height: number } {
    return { width: this.#width, height: this.#height };
  }

  /**
   * Takes the one that stands at the beginning. undefined where more bytes are needed.
   * @throws Error where it is not what ffmpeg writes
   */
  parse(bytes: Uint8Array): Parsed | undefined {
    const cursor = new ByteCursor(bytes);
    return bytes[0] === STARTCODE ? this.#parseHeader(cursor, bytes) : this.#parseFrame(cursor);
  }

  #parseHeader(cursor: ByteCursor, bytes: Uint8Array): Parsed | undefined {
    const type = bytes[1];
    cursor.offset = 8;
    const length = cursor.unsigned();
    if (length > SHORT_BYTES) cursor.offset += 4;
    const used = cursor.offset + length;
    if (cursor.exhausted || bytes.length < used) return undefined;
    if (type === MAIN) this.#main = readMainHeader(cursor);
    else if (type === STREAM) this.#readStream(cursor);
    else if (type === SYNCPOINT) this.#lastTime = cursor.unsigned();
    return { used };
  }

  #readStream(cursor: ByteCursor): void {
    cursor.unsigned();
    cursor.unsigned();
    cursor.blob();
    cursor.unsigned();
    this.#timeBits = cursor.unsigned();
    for (let field = 0; field < 3; field += 1) cursor.unsigned();
    cursor.blob();
    this.#width = cursor.unsigned();
    this.#height = cursor.unsigned();
  }

  #parseFrame(cursor: ByteCursor): Parsed | undefined {
    const code = this.#main?.codes[cursor.byte()];
    if (!this.#main || !code) throw new Error('Expected NUT, found a frame before its header');
    let { flags, size, prefix, reserved } = code;
    let time = this.#lastTime + code.timeStep;
    if (flags & FrameFlag.CODED) flags ^= cursor.unsigned();
    if (flags & (FrameFlag.INVALID | FrameFlag.SIDE_DATA))
      throw new Error(`Expected NUT, found a frame with flags ${flags}`);
    if (flags & FrameFlag.STREAM) cursor.unsigned();
    if (flags & FrameFlag.CODED_TIME) time = this.#timeOf(cursor.unsigned());
    if (flags & FrameFlag.SIZE) size += code.sizeStep * cursor.unsigned();
    if (flags & FrameFlag.MATCH_TIME) cursor.signed();
    if (flags & FrameFlag.PREFIX) prefix = cursor.unsigned();
    if (flags & FrameFlag.RESERVED) reserved = cursor.unsigned();
    for (; reserved > 0 && !cursor.exhausted; reserved -= 1) cursor.unsigned();
    if (flags & FrameFlag.CHECKSUM) cursor.offset += 4;
    if (cursor.exhausted) return undefined;
    this.#lastTime = time;
    const left = size > SHORT_BYTES ? undefined : this.#main.prefixes[prefix];
    const [numerator, denominator] = this.#main.tick;
    const frame = {
      time: (time * numerator) / denominator,
      keyframe: (flags & FrameFlag.KEY) !== 0,
      prefix: left ?? new Uint8Array(),
      bytes: size - (left?.length ?? 0),
    };
    return { used: cursor.offset, frame };
  }

  /** Either the low bits of a time close to the last one, or all of it. */
  #timeOf(coded: number): number {
    const range = 2 ** this.#timeBits;
    if (coded >= range) return coded - range;
    const lowest = this.#lastTime - Math.floor((range - 1) / 2);
    return lowest + modulo(coded - lowest, range);
  }
}

function modulo(value: number, range: number): number {
  return ((value % range) + range) % range;
}
