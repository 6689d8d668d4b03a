import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { SightlineError } from '../../../protocol/errors.ts';
import type { FfmpegProgram } from './program.ts';

const run = promisify(execFile);

/** A program that says nothing for so long is none that can be used. */
const LIMIT_MS = 10_000;

const decoderNames = {
  VP8: ['vp8'],
  H264: ['h264'],
  VP9: ['vp9'],
  AV1: ['libdav1d', 'libaom-av1'],
} as const;
const encoderNames = { VP8: ['libvpx'], H264: ['libx264'] } as const;

/**
 * The first of these that runs: the one that is named; that of the npm package ffmpeg-static, where it is installed and
 * its download has succeeded; `ffmpeg` on the PATH. One that is named is the only one tried.
 * @throws SightlineError `codec-failed` where none runs
 */
export async function findProgram(named: string | undefined): Promise<FfmpegProgram> {
  const candidates = named === undefined ? [...staticProgram(), 'ffmpeg'] : [named];
  const failures: unknown[] = [];
  for (const path of candidates) {
    try {
      return await inspect(path);
    } catch (error) {
      failures.push(error);
    }
  }
  const message = `Cannot load the codec: expected an ffmpeg that runs, found none at ${candidates.join(', ')}`;
  throw new SightlineError('codec-failed', message, { cause: new AggregateError(failures) });
}

async function inspect(path: string): Promise<FfmpegProgram> {
  const [version, decoders, encoders] = await Promise.all([
    ask(path, '-version'),
    ask(path, '-decoders'),
    ask(path, '-encoders'),
  ]);
  return {
    path,
    version: /^ffmpeg version (\S+)/.exec(version)?.[1] ?? 'of unknown version',
    decoders: choose(decoderNames, namesIn(decoders)),
    encoders: choose(encoderNames, namesIn(encoders)),
  };
}

async function ask(path: string, option: string): Promise<string> {
  const { stdout } = await run(path, ['-hide_banner', option], { timeout: LIMIT_MS, windowsHide: true });
  return stdout;
}

/** ` V....D libx264   libx264 H.264 …`: six flags and a name. */
function namesIn(list: string): ReadonlySet<string> {
  return new Set([...list.matchAll(/^ V\S{5} (\S+)/gm)].map(([, name = '']) => name));
}

function choose<Codec extends string>(
  wanted: Readonly<Record<Codec, readonly string[]>>,
  available: ReadonlySet<string>,
): Partial<Record<Codec, string>> {
  const chosen: Partial<Record<Codec, string>> = {};
  for (const codec of Object.keys(wanted) as Codec[]) {
    const name = wanted[codec].find((candidate) => available.has(candidate));
    if (name !== undefined) chosen[codec] = name;
  }
  return chosen;
}

/** ffmpeg-static is optional: its download fails where GitHub is out of reach. */
function staticProgram(): string[] {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    return typeof path === 'string' ? [path] : [];
  } catch {
    return [];
  }
}
