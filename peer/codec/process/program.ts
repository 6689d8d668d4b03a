import type { IncomingCodec, VideoCodec } from '../../rtp/packet.ts';

/** An ffmpeg program that was found to run, and what it can do. */
export interface FfmpegProgram {
  readonly path: string;
  /** As it tells itself: `7.0.2`, `5.1.9-0+deb12u1`, `N-117599-g…`. */
  readonly version: string;
  /** Its decoder of each codec that it has one of. */
  readonly decoders: Readonly<Partial<Record<IncomingCodec, string>>>;
  readonly encoders: Readonly<Partial<Record<VideoCodec, string>>>;
}

/** From FFmpeg 5.1 on `-vsync` is called `-fps_mode`, and was taken out later. */
const FPS_MODE_SINCE = 5.1;

/** Frames go through as they come: none doubled, none left out, with the times that they came with. */
export function passthrough({ version }: FfmpegProgram): readonly string[] {
  const release = Number.parseFloat(/^n?(\d+\.\d+)/.exec(version)?.[1] ?? 'Infinity');
  return [release >= FPS_MODE_SINCE ? '-fps_mode' : '-vsync', 'passthrough'];
}

/** What begins every command line: severities on standard error, and no keyboard. */
export const QUIETLY = ['-hide_banner', '-loglevel', 'level+info', '-nostats', '-nostdin'] as const;

/**
 * Input without delay. The first packet tells all there is to know, and the times stay as they are. (`-fflags nobuffer`
 * would throw that packet away.)
 */
export const AT_ONCE = ['-probesize', '32', '-analyzeduration', '0', '-copyts', '-f', 'ivf'] as const;
