import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Codecs } from '../../../peer/codec/codecs.ts';
import type { JpegEncoder } from '../../../peer/codec/jpeg-encoder.ts';
import type { Shot } from '../inputs/pictures.ts';
import { ByteOutput } from './byte-output.ts';
import { outputFailed } from './output-failed.ts';
import type { Sink, View } from './sink.ts';

/** On the scale of libjpeg: no fault is seen at it. */
const QUALITY = 90;

/** Annotated pictures as JPEGs, each in a file of its own, of those that were looked at. */
export class Stills implements Sink {
  readonly shows = true;
  readonly #encoder: JpegEncoder;
  readonly #pathOf: (shot: Shot) => string;

  private constructor(encoder: JpegEncoder, pathOf: (shot: Shot) => string) {
    this.#encoder = encoder;
    this.#pathOf = pathOf;
  }

  /** @param path of the one picture; `-` is standard output */
  static ofOne(path: string, codecs: Codecs): Stills {
    return new Stills(codecs.openJpegEncoder({ quality: QUALITY }), () => path);
  }

  /** Makes the folder where it is not there. @throws SightlineError `output-failed` */
  static async inFolder(folder: string, codecs: Codecs): Promise<Stills> {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw outputFailed(folder, error);
    }
    return new Stills(codecs.openJpegEncoder({ quality: QUALITY }), (shot) => join(folder, nameOf(shot)));
  }

  async take({ shot, looked }: View): Promise<void> {
    if (!looked) return;
    const jpeg = await this.#encoder.encode(shot.frame);
    const output = await ByteOutput.open(this.#pathOf(shot));
    try {
      await output.write(jpeg);
    } finally {
      await output.close();
    }
  }

  async finish(): Promise<void> {}

  async close(): Promise<void> {
    this.#encoder.close();
  }
}

/** `frame-000042.jpg` of a film; of several files the name of each. */
function nameOf({ index, file }: Shot): string {
  if (file === undefined) return `frame-${String(index).padStart(6, '0')}.jpg`;
  return /\.jpe?g$/i.test(file) ? file : `${file}.jpg`;
}
