/** A picture in base64 that comes piece by piece (RFC 4648, section 4 or 5, with or without padding). */
export class Base64Pieces {
  readonly #parts: Buffer[] = [];
  /** Fewer than four characters. */
  #rest = '';
  #padded = false;
  #valid = true;
  #bytes = 0;

  /** Of what is decoded so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param text any part of it */
  push(text: string): void {
    const all = this.#rest + text;
    const whole = all.length - (all.length % 4);
    this.#rest = all.slice(whole);
    if (whole > 0) this.#take(whole === all.length ? all : all.slice(0, whole));
  }

  /** Forgets what there is, for one that is not wanted any more. */
  clear(): void {
    this.#parts.length = 0;
  }

  /** The picture; undefined where it was not base64. */
  end(): Buffer | undefined {
    if (this.#rest.length === 1) return undefined;
    if (this.#rest !== '') this.#take(this.#rest);
    return this.#valid ? Buffer.concat(this.#parts) : undefined;
  }

  /** Node leaves out what is not base64: then fewer bytes come of it than should. */
  #take(text: string): void {
    const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
    const part = Buffer.from(text, 'base64');
    const expected = Math.floor(((text.length - padding) * 3) / 4);
    if (this.#padded || part.length !== expected) this.#valid = false;
    this.#padded ||= padding > 0;
    this.#bytes += part.length;
    if (this.#valid) this.#parts.push(part);
  }
}
