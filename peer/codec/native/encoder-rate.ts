import type { CodecContext } from 'node-av/lib';
import type { VideoCodec } from '../../rtp/packet.ts';
import type { EncoderOptions } from '../encoder.ts';
import { LibvpxRate } from './libvpx-rate.ts';
import { X264Rate } from './x264-rate.ts';

/** Keeps the bitrate of an open encoder, over the time that the timestamps tell, without a key frame. */
export interface EncoderRate {
  /** Bits per second from the next frame on. */
  bitrate: number;
  /**
   * Called before each frame, while the encoder rests.
   * @param timestamp RTP timestamp of the frame, 90 kHz
   * @returns the presentation time to give it, in the time base of the encoder
   */
  next(timestamp: number): bigint;
}

type RateOptions = Pick<EncoderOptions, 'bitrate' | 'frameRate'>;

const rates: Record<VideoCodec, new (context: CodecContext, options: RateOptions) => EncoderRate> = {
  VP8: LibvpxRate,
  H264: X264Rate,
};

/** To be called before the context is opened. */
export function rateOf(codec: VideoCodec, context: CodecContext, options: RateOptions): EncoderRate {
  return new rates[codec](context, options);
}
