import type { Codecs } from '../../../peer/codec/codecs.ts';
import type { MediaReader } from '../../../peer/codec/media-reader.ts';
import type { MediaSource } from '../../../peer/codec/media-source.ts';
import type { Pictures, Shot, Sound } from './pictures.ts';

/** The pictures of a file, an address or standard input, with their sound where that can be passed on. */
export class Film implements Pictures {
  readonly #reader: MediaReader;
  readonly kind: 'film' | 'still';

  private constructor(reader: MediaReader) {
    this.#reader = reader;
    this.kind = reader.info.isStill ? 'still' : 'film';
  }

  /** @throws SightlineError as `Codecs.openReader()` */
  static async open(source: MediaSource, codecs: Codecs, signal: AbortSignal): Promise<Film> {
    return new Film(await codecs.openReader(source, { audio: true, signal }));
  }

  get label(): string {
    return this.#reader.info.label;
  }

  get count(): number | undefined {
    return this.#reader.info.frameCount;
  }

  get frameRate(): number | undefined {
    return this.#reader.info.frameRate;
  }

  get audio() {
    return this.#reader.info.audio;
  }

  async *items(): AsyncGenerator<Shot | Sound, void, undefined> {
    let index = 0;
    for (let item = await this.#reader.read(); item; item = await this.#reader.read()) {
      if (item.type === 'audio') yield item;
      else yield { type: 'shot', frame: item.frame, seconds: item.seconds, index: index++ };
    }
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
