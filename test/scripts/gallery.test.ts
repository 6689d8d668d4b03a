import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readImageHeader } from '../../peer/codec/image-header.ts';
import { footagePath } from '../support/footage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const film = footagePath('asl_help.mkv');
const sizeOf = (jpeg: Uint8Array) => readImageHeader(jpeg, { maxPixels: 1e7 });

describe('docs/gallery.md', () => {
  const pictures = join(root, 'docs/pictures/gallery');

  it('docs/gallery.md shows every picture that was made, and no other', async () => {
    const page = await readFile(join(root, 'docs/gallery.md'), 'utf8');
    const shown = Array.from(page.matchAll(/\(pictures\/gallery\/(.+?)\)/g), ([, name]) => name);
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.sort()).toEqual((await readdir(pictures)).sort());
  });

  it('docs/gallery.md has pictures of at most 640 columns and 60 kB', async () => {
    for (const name of await readdir(pictures)) {
      const jpeg = await readFile(join(pictures, name));
      expect(jpeg.length, name).toBeLessThanOrEqual(60_000);
      expect(sizeOf(jpeg).width, name).toBeLessThanOrEqual(640);
    }
  });
});

describe('scripts/gallery.ts', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gallery-test-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const make = (names: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const args = ['scripts/gallery.ts', '--to', folder, ...names];
    return promisify(execFile)(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...environment },
    });
  };

  it.skipIf(!film)('makes the picture that is asked for (skipped without footage)', async () => {
    await make(['face-mesh']);
    const jpeg = await readFile(join(folder, 'pictures/gallery/face-mesh.jpg'));
    expect(sizeOf(jpeg)).toMatchObject({ format: 'jpeg', width: 640, height: 480 });
    expect(await readFile(join(folder, 'gallery.md'), 'utf8')).toContain('--model face-mesh');
  });

  it('leaves a picture out aloud whose film is not there', async () => {
    const { stderr } = await make(['face-mesh'], { SIGHTLINE_FOOTAGE_DIR: folder });
    expect(stderr).toContain('face-mesh is left out: Cannot read asl_milk.mkv');
    expect(await readdir(join(folder, 'pictures/gallery'))).toEqual([]);
    expect(await readFile(join(folder, 'gallery.md'), 'utf8')).not.toContain('--model face-mesh');
  });

  it('refuses a name that it does not know', async () => {
    await expect(make(['faces', 'ghosts'])).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('Usage'),
    });
  });
});
