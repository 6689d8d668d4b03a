import type { VideoCodec } from '../rtp/packet.ts';
import type { ColourMatrix, VideoFrame } from './video-frame.ts';

/** Options of `Codecs.openEncoder()`. */
export interface EncoderOptions {
  codec: VideoCodec;
  /** Of the coded picture. An odd size is taken as the even one below: 4:2:0 in H.264 has no half chroma sample. */
  width: number;
  height: number;
  /**
   * Bits per second at first. H.264 keeps it over any half second; VP8 over the seconds, as its coarsest quantizer
   * allows, and drops frames beyond that.
   */
  bitrate: number;
  /** Frames per second that are expected at first; what counts are the timestamps. */
  frameRate?: number;
  /** Threads for one frame. More mean slices (H.264) or token partitions (VP8), never delay. */
  threads?: number;
  /** Signalled in H.264. VP8 knows BT.601 alone. */
  matrix?: ColourMatrix | undefined;
  /**
   * H.264: bytes of one NAL unit at most, 800 or more, for packetization mode 0. A frame then has as many slices as that
   * takes. (Less than the 700 bytes with which x264 introduces itself in the first frame cannot be kept.)
   */
  maxNalBytes?: number | undefined;
}

/** One encoded frame. H.264 is Annex B, with SPS and PPS in front of each key frame. */
export interface EncodedFrame {
  /** The caller's own. */
  data: Uint8Array;
  keyframe: boolean;
  /** RTP timestamp (90 kHz) of the frame that went in. */
  timestamp: number;
}

/** Bits per second. Neither library can do anything with less. */
export const LOWEST_BITRATE = 10_000;

/** Encodes frames of one size: one frame in, its encoding out. For another size or matrix open another. */
export interface VideoEncoder extends Disposable {
  /** Of the coded picture, in pixels; even. */
  readonly width: number;
  /** Of the coded picture, in pixels; even. */
  readonly height: number;
  /** Bits per second that are aimed at. */
  readonly bitrate: number;
  /**
   * Aims at another bitrate from the next frame on. It may be called as often as one likes, also while a frame is
   * encoded. Frames that the caller leaves out change nothing: the rate is kept over the time between the timestamps,
   * not over the frames.
   * @param bitsPerSecond 10,000 where it is less
   */
  setBitrate(bitsPerSecond: number): void;
  /** Whether the frame has this encoder's size, but for an odd last column or row, and its matrix. */
  fits(frame: VideoFrame): boolean;
  /**
   * Encodes a frame. It stays the caller's, who may close it at once, and must not write to it without
   * `makeWritable()` before this returns. undefined where the encoder dropped it, or was closed meanwhile.
   * @param options.keyframe makes this frame a key frame
   * @throws SightlineError `codec-failed`, also when called while a call is running or with a frame of another size
   */
  encode(frame: VideoFrame, options: { keyframe: boolean }): Promise<EncodedFrame | undefined>;
  /** Frees the encoder, after the call that is running. */
  close(): void;
}

/** The even number that is not larger: what is left of a side in pixels once its odd last column or row is cut. */
export function evenDown(pixels: number): number {
  return pixels - (pixels % 2);
}
