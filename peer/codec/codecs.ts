import type { IncomingCodec } from '../rtp/packet.ts';
import type { DecoderOptions, VideoDecoder } from './decoder.ts';
import type { EncoderOptions, VideoEncoder } from './encoder.ts';
import type { FrameResizer } from './frame-resizer.ts';
import type { ImageOptions } from './image-header.ts';
import type { JpegEncoder, JpegEncoderOptions } from './jpeg-encoder.ts';
import type { MediaReader, ReaderOptions } from './media-reader.ts';
import type { MediaSource } from './media-source.ts';
import type { MediaWriter, WriterOptions } from './media-writer.ts';
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
  /**
   * Decodes a still picture, JPEG, PNG or WebP, upright. What is transparent is laid on black. The bytes
   * must not change before it is done.
   * @throws SightlineError `image-invalid`, `image-unsupported`, `image-too-large` (before anything is allocated)
   */
  decodeImage(bytes: Uint8Array, options: ImageOptions): Promise<VideoFrame>;
  openJpegEncoder(options: JpegEncoderOptions): JpegEncoder;
  /**
   * Opens a file, a stream of bytes or a network source. Only with node-av.
   * @throws SightlineError `source-unreadable`, `source-timeout`, `source-no-video`, `source-codec-unsupported`
   */
  openReader(source: MediaSource, options?: ReaderOptions): Promise<MediaReader>;
  /** Begins an MP4 file. Only with node-av. @throws SightlineError `output-failed` or `recording-failed`, as the options say */
  openWriter(options: WriterOptions): Promise<MediaWriter>;
  newScaler(): Scaler;
  newResizer(): FrameResizer;
  /** A new frame to be painted. Its planes are not cleared. */
  allocateFrame(width: number, height: number, timestamp: number): VideoFrame;
}
