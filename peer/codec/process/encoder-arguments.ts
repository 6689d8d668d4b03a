import type { EncoderOptions } from '../encoder.ts';
import { levelOf, libraryOptionsOf, NEVER } from '../library-options.ts';
import { X264_FRAME_RATE } from './encoder-rate.ts';
import { AT_ONCE, type FfmpegProgram, passthrough, QUIETLY } from './program.ts';

/**
 * Ticks a second of the times that ffmpeg is shown: twice RTP's, so that the lowest bit is free to ask for a key frame.
 * An open encoder process can be told nothing else. The time of the first frame must be even: ffmpeg counts from it.
 */
export const ENCODER_RATE = 180_000;

const colourSpaces = { bt601: 'smpte170m', bt709: 'bt709' } as const;

/** The command line of an encoder of I420 in IVF on standard input. @param bitrate bits per second */
export function encoderArguments(
  program: FfmpegProgram,
  encoder: string,
  options: EncoderOptions,
  bitrate: number,
): readonly string[] {
  const level = levelOf(options);
  return [
    ...QUIETLY,
    ...['-threads', '1', ...AT_ONCE, '-i', 'pipe:0', '-an'],
    ...['-filter_threads', '1', '-vf', tagsOf(options)],
    ...['-c:v', encoder, '-threads', String(options.threads ?? 1), '-pix_fmt', 'yuv420p'],
    ...rateArguments(options, bitrate),
    ...libraryArguments(options),
    ...(level === undefined ? [] : ['-level', (level / 10).toFixed(1)]),
    ...['-g', String(NEVER), '-bf', '0'],
    ...['-force_key_frames', `expr:mod(round(t*${ENCODER_RATE}),2)`],
    // Parameter sets belong in front of each key frame, although NUT has a place for them in its header.
    ...['-flags:v', '-global_header'],
    ...[...passthrough(program), '-enc_time_base', `1:${ENCODER_RATE}`],
    ...['-flush_packets', '1', '-f', 'nut', 'pipe:1'],
  ];
}

function tagsOf({ matrix }: EncoderOptions): string {
  return `setparams=range=tv${matrix ? `:colorspace=${colourSpaces[matrix]}` : ''}`;
}

/** VP8: equal bounds are how FFmpeg's libvpx is told to keep a constant rate. H.264: over any half second. */
function rateArguments({ codec }: EncoderOptions, bitrate: number): readonly string[] {
  const rate = String(bitrate);
  const constant = ['-b:v', rate, '-maxrate', rate];
  if (codec === 'VP8') return [...constant, '-minrate', rate, '-bufsize', rate];
  return [...constant, '-bufsize', String(Math.ceil(bitrate / 2))];
}

function libraryArguments(options: EncoderOptions): readonly string[] {
  // What libvpx drops by itself never comes out, and would be waited for: the budget drops it before it goes in.
  const { 'drop-threshold': _, 'x264-params': parameters, ...others } = libraryOptionsOf(options);
  const flags = Object.entries(others).flatMap(([name, value]) => [`-${name}`, value]);
  return parameters ? [...flags, '-x264-params', `${parameters}:fps=${X264_FRAME_RATE}`] : flags;
}
