import { SightlineError } from '../../../protocol/errors.ts';
import { Base64Pieces } from './base64-pieces.ts';
import type { BatchPart, RawSettings } from './batch.ts';
import { expectImageBytes } from './limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of all that is not an image. */
const MAX_OTHER_CHARACTERS = 65_536;
/** Brackets in brackets; settings have a few. */
const MAX_DEPTH = 256;

/**
 * Takes `{"images":["…"],…}` apart as it comes, in UTF-8. Images are decoded piece by piece and are never text as a
 * whole; the rest, with an empty string in the place of each image, is kept and is what JSON.parse judges in the end.
 */
export class JsonScanner {
  #other = '';
  /** Opening brackets that are not closed. */
  #open = '';
  #inText = false;
  #escaped = false;
  /** The last text at the first level, which is a key where a bracket follows its colon. */
  #text = '';
  #inImages = false;
  #hadImages = false;
  #image: Base64Pieces | undefined;
  /** A backslash at the end of what was read of the image. */
  #backslash = '';
  #told: RawSettings = {};

  /** @returns what is complete by now; settings as soon as the images begin, where any stand before them */
  push(chunk: Buffer): BatchPart[] {
    const parts: BatchPart[] = [];
    for (let at = 0; at < chunk.length; ) {
      if (this.#image) at = this.#readImage(this.#image, chunk, at, parts);
      else at = this.#readOther(chunk, at, parts);
    }
    return parts;
  }

  /**
   * The body has ended.
   * @returns settings that were not told of before
   * @throws SightlineError `not-json`, `infer-invalid`
   */
  end(): RawSettings {
    const settings = settingsIn(this.#other);
    const news = Object.entries(settings).filter(([name]) => !Object.hasOwn(this.#told, name));
    return Object.fromEntries(news);
  }

  /** @returns offset of what follows */
  #readImage(image: Base64Pieces, chunk: Buffer, start: number, parts: BatchPart[]): number {
    const quote = chunk.indexOf(QUOTE, start);
    const end = quote < 0 ? chunk.length : quote;
    image.push(this.#unescaped(chunk.toString('latin1', start, end)));
    const failure = expectImageBytes(image.bytes);
    if (failure) image.clear();
    if (quote < 0) return end;
    this.#image = undefined;
    const bytes = failure ? undefined : image.end();
    parts.push(bytes ? { bytes } : { failure: failure ?? notBase64() });
    return quote + 1;
  }

  /** Some encoders write `/` as `\/`, which JSON allows. Other escapes are of nothing that base64 has. */
  #unescaped(text: string): string {
    if (this.#backslash === '' && !text.includes('\\')) return text;
    const all = this.#backslash + text;
    this.#backslash = all.endsWith('\\') ? '\\' : '';
    return all.slice(0, all.length - this.#backslash.length).replaceAll('\\/', '/');
  }

  #readOther(chunk: Buffer, start: number, parts: BatchPart[]): number {
    const byte = chunk[start] ?? 0;
    if (this.#inImages && this.#open === '{[' && byte === QUOTE) {
      this.#other += '""';
      this.#image = new Base64Pieces();
      this.#backslash = '';
      return start + 1;
    }
    this.#other += String.fromCharCode(byte);
    if (this.#other.length > MAX_OTHER_CHARACTERS)
      throw invalid(`at most ${MAX_OTHER_CHARACTERS} characters beside them`);
    if (this.#inText) this.#readText(byte);
    else this.#readMark(byte, parts);
    return start + 1;
  }

  #readText(byte: number): void {
    if (byte === QUOTE && !this.#escaped) this.#inText = false;
    else this.#text += String.fromCharCode(byte);
    this.#escaped = byte === BACKSLASH && !this.#escaped;
  }

  #readMark(byte: number, parts: BatchPart[]): void {
    const mark = String.fromCharCode(byte);
    if (mark === '"') [this.#inText, this.#text] = [true, ''];
    else if (mark === '{' || mark === '[') this.#enter(mark, parts);
    else if (mark === '}' || mark === ']') {
      this.#open = this.#open.slice(0, -1);
      if (this.#open.length < 2) this.#inImages = false;
    }
  }

  #enter(mark: string, parts: BatchPart[]): void {
    if (this.#open.length === MAX_DEPTH) throw invalid(`at most ${MAX_DEPTH} brackets in brackets`);
    this.#open += mark;
    if (this.#open !== '{[' || this.#text !== 'images') return;
    // Each would have all that came before it looked at anew.
    if (this.#hadImages) throw invalid('one list of images');
    [this.#inImages, this.#hadImages] = [true, true];
    this.#told = settingsIn(`${this.#other}]}`);
    if (Object.keys(this.#told).length > 0) parts.push({ settings: this.#told });
  }
}

function settingsIn(text: string): RawSettings {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new SightlineError('not-json', `Cannot read the body as JSON: ${found}`, { cause: error });
  }
  if (typeof body !== 'object' || body === null || !('images' in body) || !isListOfTexts(body.images)) {
    throw new SightlineError(
      'infer-invalid',
      'Cannot look at images: expected {"images":["…"]} with base64 in it, found other JSON',
    );
  }
  const { images: _, ...settings } = body;
  return settings;
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => item === '');
}

function notBase64(): SightlineError {
  return new SightlineError('base64-invalid', 'Cannot read the image: expected base64, found something else');
}

function invalid(expected: string): SightlineError {
  return new SightlineError('infer-invalid', `Cannot look at images: expected ${expected}, found more`);
}
