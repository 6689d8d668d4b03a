import type { RecordingPart } from '../../../protocol/recordings.ts';
import type { Codecs } from '../../codec/codecs.ts';
import type { FrameResizer } from '../../codec/frame-resizer.ts';
import type { AudioFormat, AudioPacket } from '../../codec/media-audio.ts';
import type { VideoFrame } from '../../codec/video-frame.ts';
import { RecorderPart } from './recorder-part.ts';

/** A part is not ended by a change of size before it is so long: cameras that adapt change often. */
const MIN_PART_SECONDS = 2;
/** The last of so many goes on to the end. */
const MAX_PARTS = 10_000;

export interface RecorderPartsOptions {
  readonly codecs: Codecs;
  readonly folder: string;
  readonly rotateSeconds: number | undefined;
  readonly sound: AudioFormat | undefined;
  readonly maxBitrate: number;
  /** A part was begun or ended. */
  readonly onChange: () => void;
}

/** The parts of a recording, one after the other: a new one each `rotateSeconds`, and when the picture changes its size. */
export class RecorderParts {
  readonly #options: RecorderPartsOptions;
  readonly #resizer: FrameResizer;
  readonly #ended: RecordingPart[] = [];
  #part: RecorderPart | undefined;

  constructor(options: RecorderPartsOptions) {
    this.#options = options;
    this.#resizer = options.codecs.newResizer();
  }

  get bytes(): number {
    return this.#ended.reduce((sum, { bytes }) => sum + bytes, this.#part?.bytes ?? 0);
  }

  describe(): RecordingPart[] {
    return this.#part ? [...this.#ended, this.#part.describe()] : [...this.#ended];
  }

  /**
   * Writes a picture, made as large as those of its part.
   * @param compose draws into it; false where it must not be shown
   * @param before sound from before the picture: it belongs to the part that may end here
   * @throws SightlineError `recording-failed`
   */
  async write(
    frame: VideoFrame,
    seconds: number,
    { compose, before }: { compose: (frame: VideoFrame) => boolean; before: readonly AudioPacket[] },
  ): Promise<void> {
    await this.writeSound(before);
    if (this.#part && this.#isOver(this.#part, frame, seconds)) await this.#end(this.#part);
    const { width, height } = this.#part?.size ?? frame;
    using sized = await this.#resizer.resize(frame, width, height);
    if (sized === undefined || !compose(sized)) return;
    this.#part ??= await this.#begin(sized, seconds);
    await this.#part.write(sized, seconds);
  }

  /** Sound from before the first picture is left out. @throws SightlineError `recording-failed` */
  async writeSound(packets: readonly AudioPacket[]): Promise<void> {
    for (const packet of packets) await this.#part?.writeSound(packet);
  }

  #isOver({ startSeconds, size }: RecorderPart, { width, height }: VideoFrame, seconds: number): boolean {
    const { rotateSeconds = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#ended.length >= MAX_PARTS - 1) return false;
    const length = seconds - startSeconds;
    const isOther = size.width !== width || size.height !== height;
    return length >= rotateSeconds || (isOther && length >= MIN_PART_SECONDS);
  }

  async #begin(frame: VideoFrame, startSeconds: number): Promise<RecorderPart> {
    const index = this.#ended.length;
    const part = await RecorderPart.open({ ...this.#options, index, frame, startSeconds });
    this.#part = part;
    this.#options.onChange();
    return part;
  }

  async #end(part: RecorderPart): Promise<void> {
    try {
      await part.finish();
    } finally {
      await part.close();
      this.#part = undefined;
      this.#ended.push(part.describe());
      this.#options.onChange();
    }
  }

  /** Ends the part that is open and frees everything. @throws SightlineError `recording-failed` */
  async close(): Promise<void> {
    this.#resizer.close();
    if (this.#part) await this.#end(this.#part);
  }
}
