import {
  FF_DECODER_H264,
  FF_DECODER_LIBDAV1D,
  FF_DECODER_VP8,
  FF_DECODER_VP9,
  FF_ENCODER_LIBVPX_VP8,
  FF_ENCODER_LIBX264,
  type FFVideoDecoder,
  type FFVideoEncoder,
} from 'node-av/constants';
import type { IncomingCodec, VideoCodec } from '../../rtp/packet.ts';

/** FFmpeg's own decoders, but for AV1, where its own needs a graphics card. */
export const decoders: Readonly<Record<IncomingCodec, FFVideoDecoder>> = {
  VP8: FF_DECODER_VP8,
  H264: FF_DECODER_H264,
  VP9: FF_DECODER_VP9,
  AV1: FF_DECODER_LIBDAV1D,
};

/** The libraries that encode. */
export const encoders: Readonly<Record<VideoCodec, FFVideoEncoder>> = {
  VP8: FF_ENCODER_LIBVPX_VP8,
  H264: FF_ENCODER_LIBX264,
};
