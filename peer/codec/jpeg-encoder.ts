import type { VideoFrame } from './video-frame.ts';

/** Options of `Codecs.openJpegEncoder()`. */
export interface JpegEncoderOptions {
  /** 1 to 100, on the scale of libjpeg: about the same error in the picture for the same number. */
  readonly quality: number;
}

/** Makes JPEGs of frames, one at a time, of any size. In JPEG's full range and BT.601, whatever the frame is in. */
export interface JpegEncoder extends Disposable {
  /**
   * A JPEG file, the caller's own. The frame may be closed at once.
   * @throws SightlineError `codec-failed`, also when called while a call is running, or once closed
   */
  encode(frame: VideoFrame): Promise<Uint8Array>;
  /** Frees the encoder, after the call that is running. */
  close(): void;
}

/** Between libjpeg's scale and FFmpeg's quantizer: at these, 1080p film has the same PSNR within 0.3 dB from 50 to 80. */
const STEPS_PER_PERCENT = 0.09;
const COARSEST = 31;

/** FFmpeg's quantizer scale (`-q:v`), 1 to 31, for a quality of 1 to 100. */
export function quantizerOf(quality: number): number {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Math.min(COARSEST, Math.max(1, Math.round(percent * STEPS_PER_PERCENT)));
}
