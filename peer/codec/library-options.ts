import type { VideoCodec } from '../rtp/packet.ts';
import type { EncoderOptions } from './encoder.ts';

/** The largest frame of level 3.1, which profile-level-id 42e01f names: 3,600 macroblocks (H.264, table A-1). */
const LEVEL_3_1_MACROBLOCKS = 3600;

/** Frames between key frames: they come when asked for, never on their own. */
export const NEVER = 0x3fff_ffff;

/** H.264, ten times the level that is signalled; undefined where the library is to choose. */
export function levelOf({ codec, width, height }: EncoderOptions): number | undefined {
  if (codec !== 'H264') return undefined;
  return Math.ceil(width / 16) * Math.ceil(height / 16) <= LEVEL_3_1_MACROBLOCKS ? 31 : undefined;
}

/** Options of libx264's or libvpx's own, under FFmpeg's names, for one encoder. */
export function libraryOptionsOf({ codec, maxNalBytes }: EncoderOptions): Record<string, string> {
  const options = libraryOptions[codec];
  if (codec === 'VP8' || maxNalBytes === undefined) return options;
  return { ...options, 'x264-params': `${libraryOptions.H264['x264-params']}:slice-max-size=${maxNalBytes}` };
}

/**
 * Options of the codec libraries' own. Measured at 640×480 and 1.5 Mbit/s, one thread:
 * - x264: ultrafast 1.25 ms and 47.6 dB; with the deblocking filter and one step of sub-pixel search 1.7 ms and 49.4 dB
 *   in 7 % fewer bits; superfast 1.9 ms and 47.4 dB; veryfast 3.3 ms and 47.7 dB.
 * - libvpx: a positive cpu-used is a share of time that it tunes itself (8 and 4 alike: 3.0 ms, 49.0 dB); a negative
 *   one is a fixed speed, as in libwebrtc: −8 takes 1.9 ms for 48.9 dB. Where even its coarsest quantizer exceeds the
 *   rate, frames are dropped (from 30 % of the buffer on); the test film of a man signing lost none at 200 kbit/s.
 */
const libraryOptions = {
  VP8: {
    deadline: 'realtime',
    'cpu-used': '-8',
    'lag-in-frames': '0',
    'error-resilient': '1',
    'drop-threshold': '30',
  },
  H264: {
    preset: 'ultrafast',
    tune: 'zerolatency',
    profile: 'baseline',
    'forced-idr': '1',
    'x264-params': 'no-deblock=0:subme=1',
  },
} as const satisfies Record<VideoCodec, Record<string, string>>;
