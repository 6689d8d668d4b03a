import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Codecs } from '../../../peer/codec/codecs.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import type { Pictures, Refused, Shot } from './pictures.ts';

/** Width times height of the largest still picture that is looked at. */
const MAX_PIXELS = 100_000_000;
const PICTURE = /\.(jpe?g|png|webp)$/i;

/** Still pictures: one file, or all of a folder, by their names with numbers in the order of numbers. */
export class Album implements Pictures {
  readonly kind: 'still' | 'album';
  readonly label: string;
  readonly frameRate = undefined;
  readonly audio = undefined;
  readonly #paths: readonly string[];
  readonly #codecs: Codecs;
  #closed = false;

  private constructor(kind: 'still' | 'album', label: string, paths: readonly string[], codecs: Codecs) {
    this.kind = kind;
    this.label = label;
    this.#paths = paths;
    this.#codecs = codecs;
  }

  static isPicture(path: string): boolean {
    return PICTURE.test(path);
  }

  static ofFile(path: string, codecs: Codecs): Album {
    return new Album('still', basename(path), [path], codecs);
  }

  /** @throws SightlineError `source-unreadable` where it has no pictures */
  static async ofFolder(path: string, codecs: Codecs): Promise<Album> {
    const names = (await readdir(path)).filter((name) => PICTURE.test(name));
    if (names.length === 0) {
      const message = `Cannot read ${basename(path)}: expected pictures (.jpg, .png, .webp), found none`;
      throw new SightlineError('source-unreadable', message);
    }
    const byName = new Intl.Collator('en', { numeric: true });
    const paths = names.toSorted(byName.compare).map((name) => join(path, name));
    return new Album('album', basename(path), paths, codecs);
  }

  get count(): number {
    return this.#paths.length;
  }

  async *items(): AsyncGenerator<Shot | Refused, void, undefined> {
    for (const [index, path] of this.#paths.entries()) {
      if (this.#closed) return;
      yield await this.#item(index, path);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Of several, one that cannot be read is left out; of one, it is an error. */
  async #item(index: number, path: string): Promise<Shot | Refused> {
    const name = this.kind === 'album' ? { file: basename(path) } : {};
    try {
      const frame = await this.#codecs.decodeImage(await readFile(path), { maxPixels: MAX_PIXELS });
      return { type: 'shot', frame, index, seconds: 0, ...name };
    } catch (error) {
      const refused = asSightlineError(error, path);
      if (this.kind === 'still') throw refused;
      return { type: 'refused', file: basename(path), error: refused };
    }
  }
}

function asSightlineError(error: unknown, path: string): SightlineError {
  if (error instanceof SightlineError) {
    return new SightlineError(error.code, `${basename(path)}: ${error.message}`, { cause: error });
  }
  const found = error instanceof Error ? error.message : String(error);
  return new SightlineError('source-unreadable', `Cannot read ${basename(path)}: ${found}`, { cause: error });
}
