import { open } from 'node:fs/promises';
import { readFootage } from './footage.ts';
import { packed } from './pictures.ts';

/** Options of {@link writeY4m}. */
interface Y4mOptions {
  width: number;
  height: number;
  /** Frames per second that the header names; no frame is left out or doubled for it. */
  fps: number;
  maxFrames: number;
}

/**
 * Writes a film as YUV4MPEG2, which Chromium takes as a camera (`--use-file-for-fake-video-capture`) and plays in a
 * loop. @returns how many frames it holds
 */
export async function writeY4m(source: string, target: string, options: Y4mOptions): Promise<number> {
  const { width, height, fps, maxFrames } = options;
  await using file = await open(target, 'w');
  await file.write(`YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`);
  let frames = 0;
  for await (using frame of readFootage(source, { width, height })) {
    await file.write('FRAME\n');
    await file.write(packed(frame.picture));
    frames += 1;
    if (frames === maxFrames) break;
  }
  return frames;
}
