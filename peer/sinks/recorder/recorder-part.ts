import { join } from 'node:path';
import type { RecordingPart } from '../../../protocol/recordings.ts';
import type { Codecs } from '../../codec/codecs.ts';
import type { AudioFormat, AudioPacket } from '../../codec/media-audio.ts';
import type { MediaWriter } from '../../codec/media-writer.ts';
import type { VideoFrame } from '../../codec/video-frame.ts';

export interface RecorderPartOptions {
  readonly codecs: Codecs;
  readonly folder: string;
  readonly index: number;
  /** The first picture: of its size is the part. */
  readonly frame: VideoFrame;
  /** Of the first picture, on the clock of the recording. */
  readonly startSeconds: number;
  readonly sound: AudioFormat | undefined;
  /** Bits a second at most. */
  readonly maxBitrate: number;
}

/** What the last picture is shown for. */
const FRAME_SECONDS = 1 / 30;
/** 20 ms of nothing: fullband CELT, one frame (RFC 6716, section 3.1). */
const OPUS_SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);

/** One file of a recording. Errors are those of the writer: `recording-failed`. */
export class RecorderPart {
  readonly startSeconds: number;
  readonly #file: string;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #writer: MediaWriter;
  readonly #codec: AudioFormat['codec'] | undefined;
  #isHeard = false;
  #frames = 0;
  #lastSeconds: number;

  static async open(options: RecorderPartOptions): Promise<RecorderPart> {
    const { codecs, folder, index, frame, sound: audio, maxBitrate } = options;
    const file = `${String(index).padStart(3, '0')}.mp4`;
    const { width, height, matrix } = frame;
    const writer = await codecs.openWriter({
      target: join(folder, file),
      width,
      height,
      matrix,
      fragmented: true,
      effort: 'realtime',
      maxBitrate,
      audio,
      failure: 'recording-failed',
    });
    return new RecorderPart(file, writer, options);
  }

  private constructor(
    file: string,
    writer: MediaWriter,
    { frame, startSeconds, sound }: RecorderPartOptions,
  ) {
    this.#file = file;
    this.#writer = writer;
    this.#codec = sound?.codec;
    this.#size = { width: frame.width, height: frame.height };
    this.startSeconds = startSeconds;
    this.#lastSeconds = startSeconds;
  }

  get bytes(): number {
    return this.#writer.bytes;
  }

  /** Of the pictures that it takes. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#size;
  }

  /** @param seconds on the clock of the recording */
  async write(frame: VideoFrame, seconds: number): Promise<void> {
    await this.#writer.writeFrame(frame, seconds - this.startSeconds);
    this.#lastSeconds = Math.max(this.#lastSeconds, seconds);
    this.#frames++;
  }

  /** Times are those of the recording. */
  async writeSound(packet: AudioPacket): Promise<void> {
    const seconds = packet.seconds - this.startSeconds;
    // A fragmented file has its first packet at 0, whatever its time is: where sound begins later, that is silence.
    if (!this.#isHeard && seconds > 0 && this.#codec === 'opus') {
      await this.#writer.writeAudio({ data: OPUS_SILENCE, seconds: 0, durationSeconds: 0.02 });
    }
    this.#isHeard = true;
    await this.#writer.writeAudio({ ...packet, seconds });
  }

  /** As far as it has come. */
  describe(): RecordingPart {
    return {
      file: this.#file,
      startSeconds: this.startSeconds,
      durationSeconds: this.#frames === 0 ? 0 : this.#lastSeconds - this.startSeconds + FRAME_SECONDS,
      ...this.#size,
      frames: this.#frames,
      bytes: this.bytes,
    };
  }

  /** Writes what is held back. */
  async finish(): Promise<void> {
    await this.#writer.finish();
  }

  /** Frees everything, finished or not. Idempotent. */
  async close(): Promise<void> {
    await this.#writer.close();
  }
}
