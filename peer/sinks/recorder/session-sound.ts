import type { AudioFormat } from '../../codec/media-audio.ts';
import type { FrameRecord } from '../../pipeline/frame-record.ts';

/** One packet of coded sound of a session. */
export interface TimedSound {
  /** Not to be changed by anybody. */
  readonly data: Uint8Array;
  /** Of its first sample, on the clock of the pictures: RTP timestamp, 90 kHz, 32 bits. */
  readonly timestamp: number;
  readonly durationSeconds: number;
}

/** Coded sound of a session, in step with one of its pictures. */
export interface SessionSound {
  readonly format: AudioFormat;
  /** Hands on each packet as it comes. @returns ends it */
  listen(listener: (packet: TimedSound) => void): () => void;
  /** Told of each picture, by those whose own clock is another one. */
  onPicture?(record: FrameRecord): void;
}
