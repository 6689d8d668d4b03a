import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { footagePath } from './footage.ts';
import { writeY4m } from './y4m.ts';

const cache = fileURLToPath(new URL('../../.cache/test', import.meta.url));

/** Whether there is a film with a person to call with; where not, tests that need one skip, and say so. */
export const hasFootage = footagePath('asl_milk.mkv') !== undefined;

/** A film as a camera of 640×480 at 30 frames a second; made once. */
export async function cameraFile(name = 'asl_milk.mkv', width = 640, height = 480): Promise<string> {
  const source = footagePath(name);
  if (source === undefined) throw new Error(`Cannot find the footage ${name}`);
  const target = `${cache}/${name}-${width}x${height}.y4m`;
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  await writeY4m(source, unfinished, { width, height, fps: 30, maxFrames: 300 });
  renameSync(unfinished, target);
  return target;
}
