import { insertableStreams } from './insertable-streams.ts';
import { Mosaic } from './mosaic.ts';
import type { PictureInput, PictureOutput } from './picture-output.ts';
import { type PictureSource, SourceChoice } from './source-choice.ts';

/** Whether this page hands out the frames of tracks, and takes some for a track. */
export function canGenerate(): boolean {
  return insertableStreams() !== undefined;
}

/** Passes frames on as they come, without a copy; goes on in tabs that are hidden, where nothing is painted. */
export class GeneratorOutput implements PictureOutput {
  readonly track: MediaStreamTrack;
  readonly #streams = insertableStreams();
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  readonly #choice = new SourceChoice();
  readonly #mosaic: Mosaic | undefined;
  readonly #onSource: (source: PictureSource) => void;
  readonly #closing = new AbortController();
  #following: AbortController | undefined;

  constructor({ camera, covered, onSource, onCameraEnd }: PictureInput) {
    if (!this.#streams) throw new TypeError('Cannot pass frames on: expected insertable streams, found none');
    const generator = new this.#streams.MediaStreamTrackGenerator({ kind: 'video' });
    this.#writer = generator.writable.getWriter();
    this.track = generator.clone(); // a plain MediaStreamTrack, which can be stopped by itself
    this.#mosaic = covered ? new Mosaic() : undefined;
    this.#onSource = onSource;
    void this.#pass(camera, 'camera', this.#closing.signal).then(onCameraEnd);
  }

  follow(annotated: MediaStreamTrack | null): void {
    this.#following?.abort();
    this.#tell(() => this.#choice.lost());
    if (!annotated || this.#closing.signal.aborted) return;
    this.#following = new AbortController();
    void this.#pass(annotated, 'annotated', this.#following.signal);
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#following?.abort();
    this.#writer.close().catch(() => undefined); // it was closed by the browser
  }

  /** Until the track ends or the signal says so. At most one frame waits; the newer replaces the older. */
  async #pass(track: MediaStreamTrack, source: PictureSource, signal: AbortSignal): Promise<void> {
    if (!this.#streams) return;
    const { readable } = new this.#streams.MediaStreamTrackProcessor({ track, maxBufferSize: 1 });
    const reader = readable.getReader();
    signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined));
    for (;;) {
      const { done, value: frame } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || !frame) return;
      try {
        const shown = this.#tell(() => this.#choice.push(source, performance.now()));
        if (shown && !signal.aborted) await this.#write(frame, source);
      } finally {
        frame.close();
      }
    }
  }

  /** The two sources count time from different moments, so what goes out has a clock of its own. */
  async #write(frame: VideoFrame, source: PictureSource): Promise<void> {
    const { displayWidth: width, displayHeight: height } = frame;
    const picture = source === 'camera' && this.#mosaic ? this.#mosaic.paint(frame, width, height) : frame;
    const timestamp = Math.round(performance.now() * 1000);
    const stamped = new VideoFrame(picture, { timestamp });
    await this.#writer.write(stamped).catch(() => stamped.close());
  }

  #tell<T>(change: () => T): T {
    const before = this.#choice.shown;
    const result = change();
    if (this.#choice.shown !== before) this.#onSource(this.#choice.shown);
    return result;
  }
}
