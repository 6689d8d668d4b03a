import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { findProgram } from '../../../peer/codec/process/find-program.ts';
import type { Picture } from '../../../peer/vision/stages/picture.ts';

const LIMIT_MS = 20_000;
/** Larger pictures are halved on the way: no model looks at more. */
const MAX_WIDTH = 1920;
const MAX_BYTES = 64 << 20;

/**
 * The first picture of a file that ffmpeg reads.
 *
 * @param ffmpegPath the program; the one that a media peer would take when undefined
 * @throws Error with the words of ffmpeg; SightlineError `codec-failed` where there is none
 */
export async function readPicture(path: string, ffmpegPath: string | undefined): Promise<Picture> {
  const program = await findProgram(ffmpegPath);
  const args = ['-v', 'error', '-nostdin', '-protocol_whitelist', 'file,pipe', '-i', `file:${resolve(path)}`];
  const format = ['-frames:v', '1', '-vf', `scale='min(${MAX_WIDTH},iw)':-1`, '-pix_fmt', 'rgb24'];
  return parsePpm(
    await output(program.path, [...args, ...format, '-f', 'image2pipe', '-c:v', 'ppm', 'pipe:1']),
  );
}

function output(program: string, args: readonly string[]): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: MAX_BYTES, timeout: LIMIT_MS, windowsHide: true } as const;
  return new Promise((fulfil, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.toString().trim().split('\n').at(-1) || error.message));
      else fulfil(stdout);
    });
  });
}

/** A binary PPM of 8 bits: `P6`, width, height and 255 as text, then packed RGB. */
function parsePpm(bytes: Buffer): Picture {
  const header = /^P6\s(\d+)\s(\d+)\s255\s/.exec(bytes.toString('latin1', 0, 64));
  if (!header) throw new Error('ffmpeg found no picture in it');
  return { width: Number(header[1]), height: Number(header[2]), pixels: bytes.subarray(header[0].length) };
}
