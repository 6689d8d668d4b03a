import { SightlineError } from '../../../protocol/errors.ts';
import type { Codecs } from '../codecs.ts';
import { liveChildren } from './child.ts';
import { ProcessDecoder } from './decoder.ts';
import { ProcessEncoder } from './encoder.ts';
import { findProgram } from './find-program.ts';
import { ProcessResizer } from './frame-resizer.ts';
import { decodeImage } from './image-decoder.ts';
import { ProcessJpegEncoder } from './jpeg-encoder.ts';
import { ProcessScaler } from './scaler.ts';
import { liveFrames, PlainVideoFrame } from './video-frame.ts';

/**
 * An ffmpeg process for each decoder and encoder, for platforms that node-av has no binary for.
 * @param named the program; looked for where undefined
 * @throws SightlineError `codec-failed` where there is none that runs
 */
export async function openProcessCodecs(named?: string): Promise<Codecs> {
  const program = await findProgram(named);
  return {
    info: `ffmpeg process ${program.version} (${program.path})`,
    get live() {
      return liveChildren() + liveFrames();
    },
    openDecoder: async (codec, options) => new ProcessDecoder(program, codec, options),
    openEncoder: async (options) => new ProcessEncoder(program, options),
    decodeImage: (bytes, options) => decodeImage(program, bytes, options),
    openJpegEncoder: (options) => new ProcessJpegEncoder(program, options),
    openReader: async () => notHere('read a source'),
    openWriter: async () => notHere('write a file'),
    newScaler: () => new ProcessScaler(program),
    newResizer: () => new ProcessResizer(program),
    allocateFrame: PlainVideoFrame.allocate,
  };
}

function notHere(attempt: string): never {
  const message = `Cannot ${attempt}: expected node-av, found an ffmpeg process in its place`;
  throw new SightlineError('codec-failed', message);
}
