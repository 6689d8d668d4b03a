import type { Codecs } from '../../../peer/codec/codecs.ts';
import type { FrameResizer } from '../../../peer/codec/frame-resizer.ts';
import type { MediaWriter } from '../../../peer/codec/media-writer.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import type { Pictures, Sound } from '../inputs/pictures.ts';
import { STANDARD } from '../options.ts';
import type { Sink, View } from './sink.ts';

/** Packets of sound that are kept until there is a picture; those of a film without an early one are dropped, oldest first. */
const MOST_EARLY_SOUND = 512;

/** The annotated film, with the sound of the original. It has the size of its first picture; others are resized. */
export class AnnotatedFilm implements Sink {
  readonly shows = true;
  readonly #path: string;
  readonly #codecs: Codecs;
  readonly #of: Pick<Pictures, 'frameRate' | 'audio'>;
  readonly #resizer: FrameResizer;
  #writer: MediaWriter | undefined;
  #early: Sound[] = [];

  /** @param path `-` is standard output */
  constructor(path: string, of: Pick<Pictures, 'frameRate' | 'audio'>, codecs: Codecs) {
    this.#path = path;
    this.#of = of;
    this.#codecs = codecs;
    this.#resizer = codecs.newResizer();
  }

  async take({ shot: { frame, seconds } }: View): Promise<void> {
    const writer = await this.#writerFor(frame);
    if (
      frame.width - (frame.width % 2) === writer.width &&
      frame.height - (frame.height % 2) === writer.height
    ) {
      await writer.writeFrame(frame, seconds);
      return;
    }
    using resized = await this.#resizer.resize(frame, writer.width, writer.height);
    if (resized) await writer.writeFrame(resized, seconds);
  }

  async hear(sound: Sound): Promise<void> {
    if (this.#writer) await this.#writer.writeAudio(sound);
    else this.#early = [...this.#early.slice(1 - MOST_EARLY_SOUND), sound];
  }

  async finish(): Promise<void> {
    await this.#writer?.finish();
  }

  async close(): Promise<void> {
    this.#resizer.close();
    await this.#writer?.close();
  }

  async #writerFor({ width, height, matrix }: VideoFrame): Promise<MediaWriter> {
    if (this.#writer) return this.#writer;
    const target = this.#path === STANDARD ? process.stdout : this.#path;
    const { frameRate, audio } = this.#of;
    this.#writer = await this.#codecs.openWriter({ target, width, height, matrix, frameRate, audio });
    for (const sound of this.#early.splice(0)) await this.#writer.writeAudio(sound);
    return this.#writer;
  }
}
