import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { footagePath } from '../../test/support/footage.ts';
import { drawPageOfText } from './page-of-text.ts';

/** Films of the footage folder, one that Debian's package opencv-doc brings, and a page that is drawn when it is asked for. */
export type FilmName = 'asl_book.mkv' | 'asl_help.mkv' | 'asl_milk.mkv' | 'vtest.avi' | 'page.png';

const OPENCV_DATA = '/usr/share/doc/opencv-doc/examples/data';

/** What a picture is made of is not on this machine. */
export class FootageMissing extends Error {}

/** A film to be read, until it is disposed of. @throws FootageMissing */
export async function openFootage(name: FilmName): Promise<AsyncDisposable & { readonly path: string }> {
  if (name === 'page.png') return openPage();
  const path = name === 'vtest.avi' ? join(OPENCV_DATA, name) : footagePath(name);
  if (path === undefined || !existsSync(path)) {
    const place = name === 'vtest.avi' ? 'the package opencv-doc' : 'the footage folder';
    throw new FootageMissing(`Cannot read ${name}: expected it in ${place}, found nothing`);
  }
  return { path, async [Symbol.asyncDispose]() {} };
}

async function openPage() {
  const folder = await mkdtemp(join(tmpdir(), 'gallery-'));
  const path = join(folder, 'page.png');
  const dispose = () => rm(folder, { recursive: true });
  try {
    await drawPageOfText(path);
  } catch (error) {
    await dispose();
    throw new FootageMissing(error instanceof Error ? error.message : String(error));
  }
  return { path, [Symbol.asyncDispose]: dispose };
}
