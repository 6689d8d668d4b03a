import type { Writable } from 'node:stream';
import type { AudioFormat, AudioPacket } from './media-audio.ts';
import type { ColourMatrix, VideoFrame } from './video-frame.ts';

/** Options of `Codecs.openWriter()`. */
export interface WriterOptions {
  /** A path, whose file is replaced, or where the bytes go. The latter is always fragmented, and is not ended. */
  readonly target: string | Writable;
  /** Of the picture, in pixels; odd sides are taken as the even ones below. */
  readonly width: number;
  readonly height: number;
  readonly matrix?: ColourMatrix | undefined;
  /** Pictures a second that are expected; what counts are the times. 30 where left out. */
  readonly frameRate?: number | undefined;
  /**
   * MP4 in fragments of at most two seconds, each complete in itself: all but the last survive the end of the process.
   * Otherwise the index is put in front at the end, and before that the file cannot be played.
   */
  readonly fragmented?: boolean;
  /**
   * `quality`: as few bits as a good picture takes, and as much time as that needs (x264, constant rate factor 23,
   * superfast). `realtime`: no delay and as little time as possible.
   */
  readonly effort?: 'quality' | 'realtime';
  /** Bits per second at most, over any two seconds. No limit where left out. */
  readonly maxBitrate?: number | undefined;
  readonly threads?: number;
  /** Of the sound that is passed on beside the pictures. */
  readonly audio?: AudioFormat | undefined;
  /** The code of what goes wrong. `output-failed` where left out. */
  readonly failure?: 'output-failed' | 'recording-failed';
}

/** What a file has become. */
export interface WrittenFile {
  readonly frames: number;
  readonly bytes: number;
  /** Time of the last picture and what it is shown for. */
  readonly durationSeconds: number;
}

/**
 * Encodes pictures as H.264 and writes them into an MP4 file, with sound as it is handed in. Calls are done one after
 * the other in the order in which they are made; who does not await them holds what waits.
 */
export interface MediaWriter extends AsyncDisposable {
  /** Of the coded picture, in pixels; even. */
  readonly width: number;
  readonly height: number;
  /** Bytes written so far. */
  readonly bytes: number;
  /**
   * Encodes a picture. It stays the caller's, who may close it once this has returned its promise.
   * @param seconds from the start of the file; one that does not grow is moved behind the last
   * @throws SightlineError the code of `failure`: a picture of another size, a full disk, a pipe without a reader; then
   * every further call rejects with the same
   */
  writeFrame(frame: VideoFrame, seconds: number): Promise<void>;
  /** Passes on a packet of sound. @throws as `writeFrame()` */
  writeAudio(packet: AudioPacket): Promise<void>;
  /** Writes what is held back and the end of the file. Idempotent. @throws as `writeFrame()` */
  finish(): Promise<WrittenFile>;
  /** Idempotent. Frees everything; a file that was not finished stays as far as it got. */
  close(): Promise<void>;
}
