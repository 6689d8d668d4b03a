import type { VideoCodec } from '../rtp/packet.ts';
import type { Seat, Spectator } from './audience.ts';

/** One encoding of one picture, made once for all who watch it. */
export interface Programme {
  readonly output: 'annotated' | 'passthrough';
  readonly codec: VideoCodec;
  join(spectator: Spectator): Seat;
  stats(): ProgrammeStats;
  /** Frees what it holds. Idempotent. */
  close(): Promise<void>;
}

export interface ProgrammeStats {
  readonly viewers: number;
  /** Of the coded picture, in pixels; 0 before the first frame, and where that is not known. */
  readonly width: number;
  readonly height: number;
  /** Frames that were encoded, or passed on, whoever watched. */
  readonly frames: number;
  readonly keyFrames: number;
}
