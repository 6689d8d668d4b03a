import { type NutFrame, NutParser } from './nut-parser.ts';

/** A packet as it came out of ffmpeg. */
export interface NutPacket {
  /** Seconds. */
  readonly time: number;
  readonly keyframe: boolean;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What stands before the first header. */
const IDENTIFIER_BYTES = 25;
/** The headers that are looked at have some hundred bytes. */
const MAX_HEADER_BYTES = 65_536;

/**
 * Reads NUT, the container that comes out of ffmpeg (nut.txt of the FFmpeg project). It is the one that tells the size
 * and the time of each packet, is written without delay, and takes raw pictures. Bytes are copied once, to where they
 * stay.
 */
export class NutReader {
  readonly #allocate: (bytes: number) => Uint8Array<ArrayBuffer>;
  readonly #maxBytes: number;
  readonly #parser = new NutParser();
  #identifier = IDENTIFIER_BYTES;
  #pending: Uint8Array = new Uint8Array();
  #packet: NutPacket | undefined;
  #filled = 0;

  /** @param allocate gives memory for a packet of so many bytes; @param maxBytes more than any packet has */
  constructor(allocate: (bytes: number) => Uint8Array<ArrayBuffer>, maxBytes: number) {
    this.#allocate = allocate;
    this.#maxBytes = maxBytes;
  }

  /** Of the pictures, in pixels; 0 until the header has come. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#parser.size;
  }

  /**
   * @param chunk the next bytes; they may be kept until the next call
   * @throws Error where they are not NUT as ffmpeg writes it
   */
  push(chunk: Uint8Array): NutPacket[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const packets: NutPacket[] = [];
    while (this.#pending.length > 0 && this.#advance()) {
      if (this.#packet?.data.length !== this.#filled) continue;
      packets.push(this.#packet);
      this.#packet = undefined;
    }
    return packets;
  }

  /** @returns whether anything was used up */
  #advance(): boolean {
    if (this.#identifier > 0) {
      this.#identifier -= this.#take(this.#identifier).length;
      return true;
    }
    if (this.#packet) {
      const part = this.#take(this.#packet.data.length - this.#filled);
      this.#packet.data.set(part, this.#filled);
      this.#filled += part.length;
      return true;
    }
    const parsed = this.#parser.parse(this.#pending);
    if (parsed) {
      this.#take(parsed.used);
      if (parsed.frame) this.#begin(parsed.frame);
      return true;
    }
    if (this.#pending.length > MAX_HEADER_BYTES) throw new Error('Expected NUT, found a header without end');
    return false;
  }

  #begin({ time, keyframe, prefix, bytes }: NutFrame): void {
    const size = prefix.length + bytes;
    if (!(bytes >= 0 && size <= this.#maxBytes))
      throw new Error(`Expected NUT, found a frame of ${size} bytes`);
    const data = this.#allocate(size);
    data.set(prefix);
    this.#filled = prefix.length;
    this.#packet = { time, keyframe, data };
  }

  #take(bytes: number): Uint8Array {
    const taken = this.#pending.subarray(0, bytes);
    this.#pending = this.#pending.subarray(taken.length);
    return taken;
  }
}
