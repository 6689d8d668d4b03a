import { existsSync } from 'node:fs';
import { footagePath } from '../../test/support/footage.ts';

/** Pictures and films of Debian's package opencv-doc. */
export const DEBIAN_FOLDER = '/usr/share/doc/opencv-doc/examples/data';

/** Path of a film of the footage or of Debian's; undefined where it is not at hand. */
export function findFilm(file: string): string | undefined {
  return [footagePath(file), `${DEBIAN_FOLDER}/${file}`].find(
    (path) => path !== undefined && existsSync(path),
  );
}
