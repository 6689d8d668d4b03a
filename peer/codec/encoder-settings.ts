import {
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
} from 'node-av/constants';
import { type CodecContext, Rational } from 'node-av/lib';
import type { VideoCodec } from '../rtp/packet.ts';
import type { ColourMatrix } from './video-frame.ts';

/** Options of VideoEncoder.open(). */
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

/** The largest frame of level 3.1, which profile-level-id 42e01f names: 3,600 macroblocks (H.264, table A-1). */
const LEVEL_3_1_MACROBLOCKS = 3600;

/** Key frames come when asked for, never on their own. */
const NEVER = 0x3fff_ffff;

const colourSpaces = { bt601: AVCOL_SPC_SMPTE170M, bt709: AVCOL_SPC_BT709 } as const;

/** Sets what must be known before a codec is opened, but for the rate. */
export function configure(context: CodecContext, options: EncoderOptions): void {
  context.width = options.width;
  context.height = options.height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.colorRange = AVCOL_RANGE_MPEG;
  context.colorSpace = options.matrix ? colourSpaces[options.matrix] : AVCOL_SPC_UNSPECIFIED;
  context.timeBase = new Rational(1, 90_000);
  context.framerate = new Rational(options.frameRate ?? 30, 1);
  context.gopSize = NEVER;
  context.maxBFrames = 0;
  context.threadCount = options.threads ?? 1;
  setLevel(context, options);
}

/** The even number that is not larger: what is left of a side in pixels once its odd last column or row is cut. */
export function evenDown(pixels: number): number {
  return pixels - (pixels % 2);
}

function setLevel(context: CodecContext, { codec, width, height }: EncoderOptions): void {
  if (codec !== 'H264') return;
  if (Math.ceil(width / 16) * Math.ceil(height / 16) <= LEVEL_3_1_MACROBLOCKS) context.level = 31;
}

/** Options of the codec library's own, for one encoder. */
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
