import type { AccessUnit } from '../rtp/packet.ts';
import type { VideoFrame } from './video-frame.ts';

/** What a decoder needs of an access unit. */
export type CodedUnit = Pick<AccessUnit, 'data' | 'timestamp'>;

/** Options of `Codecs.openDecoder()`. */
export interface DecoderOptions {
  /** Threads for the slices or tiles of one frame. Never frame threads: each of those delays by a frame. */
  threads?: number;
}

/**
 * Decodes one stream: one unit in, its frame out. Frames may change size in mid-stream.
 * A unit that cannot be decoded is an error of that unit alone; the next key frame decodes again.
 */
export interface VideoDecoder extends Disposable {
  /**
   * The frame of this unit, to be closed by the caller. undefined where the unit holds none (parameter sets alone), or
   * where the decoder was closed meanwhile. The unit's bytes may be reused as soon as this returns.
   * @throws SightlineError `codec-failed` on damaged input, and when called while a call is running
   */
  decode(unit: CodedUnit): Promise<VideoFrame | undefined>;
  /** Frees the decoder, after the call that is running. Frames that it gave stay valid. */
  close(): void;
}
