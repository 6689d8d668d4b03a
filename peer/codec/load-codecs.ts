import { SightlineError } from '../../protocol/errors.ts';
import type { Logger } from '../log.ts';
import type { Codecs } from './codecs.ts';

/** Which codec a media peer uses: `auto` is node-av where it loads, and an ffmpeg process elsewhere. */
export interface CodecChoice {
  readonly preference: 'auto' | 'node-av' | 'ffmpeg';
  /** The ffmpeg program to run; looked for where undefined. */
  readonly ffmpegPath: string | undefined;
}

/**
 * Loads the codec that is wanted and can be had. Nothing else imports node-av, so that a platform for which it has no
 * binary runs all the same.
 * @throws SightlineError `codec-failed` where there is none
 */
export async function loadCodecs({ preference, ffmpegPath }: CodecChoice, log: Logger): Promise<Codecs> {
  if (preference === 'ffmpeg') return loadProcess(ffmpegPath);
  try {
    return (await import('./native/codecs.ts')).nativeCodecs;
  } catch (error) {
    if (preference === 'node-av') throw notLoaded(error);
    const codecs = await loadProcess(ffmpegPath);
    log.warn(
      { error, codec: codecs.info },
      'node-av does not load; an ffmpeg process stands in, which is slower',
    );
    return codecs;
  }
}

async function loadProcess(ffmpegPath: string | undefined): Promise<Codecs> {
  const { openProcessCodecs } = await import('./process/codecs.ts');
  return openProcessCodecs(ffmpegPath);
}

function notLoaded(error: unknown): SightlineError {
  const found = error instanceof Error ? error.message : String(error);
  const message = `Cannot load the codec: expected node-av with a binary for this platform, found "${found}"`;
  return new SightlineError('codec-failed', message, { cause: error });
}
