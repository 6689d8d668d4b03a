import type { IncomingCodec } from '../rtp/packet.ts';
import type { DecoderOptions, VideoDecoder } from './decoder.ts';
import type { EncoderOptions, VideoEncoder } from './encoder.ts';
import type { FrameResizer } from './frame-resizer.ts';
import type { Scaler } from './scaler.ts';
import type { VideoFrame } from './video-frame.ts';

/**
 * One way to decode, scale and encode. A media peer uses one: frames of one are not taken by the other.
 * `loadCodecs()` chooses.
 */
export interface Codecs {
  /** As `/healthz` shows it: `node-av 6.1.1 (FFmpeg 8.1)` or `ffmpeg process 7.0.2 (/usr/bin/ffmpeg)`. */
  readonly info: string;
  /** How many frames, contexts and processes are held. 0 once everything is closed; anything else is a leak. */
  readonly live: number;
  /** @throws SightlineError `codec-failed` */
  openDecoder(codec: IncomingCodec, options?: DecoderOptions): Promise<VideoDecoder>;
  /** @throws SightlineError `codec-failed` */
  openEncoder(options: EncoderOptions): Promise<VideoEncoder>;
  newScaler(): Scaler;
  newResizer(): FrameResizer;
  /** A new frame to be painted. Its planes are not cleared. */
  allocateFrame(width: number, height: number, timestamp: number): VideoFrame;
}
