import {
  AV_CODEC_ID_H264,
  AV_CODEC_ID_VP8,
  FF_ENCODER_LIBVPX_VP8,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import type { VideoCodec } from '../rtp/packet.ts';

/** FFmpeg's names: its own decoders, and the libraries that encode. */
export const videoCodecs = {
  VP8: { id: AV_CODEC_ID_VP8, encoder: FF_ENCODER_LIBVPX_VP8 },
  H264: { id: AV_CODEC_ID_H264, encoder: FF_ENCODER_LIBX264 },
} as const satisfies Record<VideoCodec, object>;
