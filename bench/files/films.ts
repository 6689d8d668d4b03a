import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A street with 5 to 7 people, 768×576 at 10 frames a second, of Debian's package opencv-doc. */
const STREET = '/usr/share/doc/opencv-doc/examples/data/vtest.avi';

/** The first pictures of the street, as they are. */
export async function streetOf(frames: number, folder: string, name = 'street.avi'): Promise<string> {
  const path = join(folder, name);
  await ffmpeg('-i', STREET, '-frames:v', String(frames), '-c', 'copy', path);
  return path;
}

/** The street at 1920×1080 and 50 frames a second, as a camera would send it. */
export async function street1080p50(seconds: number, folder: string): Promise<string> {
  const path = join(folder, 'street-1080p50.mp4');
  const pictures = ['-vf', 'setpts=PTS/5,scale=1920:1080', '-r', '50'];
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '8M', '-pix_fmt', 'yuv420p'];
  await ffmpeg('-i', STREET, '-t', String(seconds), ...pictures, ...coding, path);
  return path;
}

async function ffmpeg(...args: string[]): Promise<void> {
  await run('ffmpeg', ['-v', 'error', '-y', ...args]);
}
