import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Size } from '../../../peer/vision/letterbox.ts';
import type { FoundBox } from './pairs.ts';

/** Debian's Python, for which python3-opencv is packaged, wherever another one comes first in PATH. */
const PYTHON = '/usr/bin/python3';
const program = fileURLToPath(new URL('./reference.py', import.meta.url));

/** Where the reference takes what it looks at from. */
export type ReferencePixels =
  /** A file, and which of its pictures; it decodes and scales itself. */
  | { readonly picture: string; readonly index: number; readonly filter: 'sampled' | 'smoothed' }
  /** A file of packed RGB of this size, scaled from a frame of that size. */
  | {
      readonly rgb: string;
      readonly size: readonly [width: number, height: number];
      readonly frame: readonly [width: number, height: number];
    };

/** One picture for one model. */
export type ReferenceJob = ReferencePixels & { readonly model: string; readonly onnx: string };

/** The version of OpenCV that Debian's Python has; undefined where it has none. */
export function opencvVersion(): string | undefined {
  const { status, stdout } = spawnSync(PYTHON, ['-c', 'import cv2; print(cv2.__version__)'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** What OpenCV finds, down to `threshold`, job by job; undefined for a file that it cannot read. */
export async function askReference(
  jobs: readonly ReferenceJob[],
  threshold: number,
): Promise<(FoundBox[] | undefined)[]> {
  // Threads that wait for each other in a spin only take the cores from the networks
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(PYTHON, [program], { stdio: ['pipe', 'pipe', 'pipe'], env });
  child.stdin.end(JSON.stringify({ threshold, jobs }));
  const [output, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode ?? once(child, 'exit'),
  ]);
  if (child.exitCode !== 0) throw new Error(`The reference ended with ${child.exitCode}: ${complaints}`);
  const { answers } = JSON.parse(output) as { answers: (FoundBox[] | null)[] };
  return answers.map((found) => found ?? undefined);
}

/** A job for pixels that are at hand. */
export function rgbPixels(rgb: string, size: Size, frame: Size): ReferencePixels {
  return { rgb, size: [size.width, size.height], frame: [frame.width, frame.height] };
}
