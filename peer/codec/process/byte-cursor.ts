/** Reads the numbers of NUT (its specification, "Data types") from bytes of which more may still be to come. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  /** Index of the next byte. */
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether more was read than there is; what was read then is worth nothing. */
  get exhausted(): boolean {
    return this.offset > this.#bytes.length;
  }

  /** f(8). */
  byte(): number {
    const value = this.#bytes[this.offset] ?? 0;
    this.offset += 1;
    return value;
  }

  /** v: seven bits a byte, the highest first. */
  unsigned(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 0x80 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  }

  /** s: 0, 1, −1, 2, −2 … */
  signed(): number {
    const next = this.unsigned() + 1;
    return next % 2 === 1 ? -(next - 1) / 2 : next / 2;
  }

  /** vb: bytes after their number. A view. */
  blob(): Uint8Array {
    const length = this.unsigned();
    const begin = this.offset;
    this.offset += length;
    return this.#bytes.subarray(begin, this.offset);
  }
}
