import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAtHand } from '../../models/at-hand.ts';
import { findModel, secondOf } from '../../models/catalogue.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import { temporaryFolder } from './temporary-folder.ts';

const tiny: ModelManifest = { ...findModel('yolox-nano'), id: 'tiny', file: 'tiny.onnx', size: 8 };
const packaged = findModel('centernet');

describe('isAtHand()', () => {
  const folder = temporaryFolder();
  const options = () => ({
    directory: join(folder(), 'models'),
    cacheDir: join(folder(), 'cache'),
    download: true,
  });

  async function put(path: string, bytes: number): Promise<void> {
    await mkdir(dirname(join(folder(), path)), { recursive: true });
    await writeFile(join(folder(), path), Buffer.alloc(bytes));
  }

  it.each(['models/tiny/tiny.onnx', 'models/tiny.onnx', 'cache/tiny/tiny.onnx'])(
    'finds %s, unless its size is another',
    async (path) => {
      await put(path, tiny.size - 1);
      expect(await isAtHand(tiny, options())).toBe(false);
      await put(path, tiny.size);
      expect(await isAtHand(tiny, options())).toBe(true);
    },
  );

  it('does not count on a download', async () => {
    expect(await isAtHand(tiny, options())).toBe(false);
  });

  it('counts an installed npm package, and not one that is not installed', async () => {
    expect(await isAtHand(packaged, options())).toBe(true);
    const missing = { name: '@sightline/missing', graph: 'a.json', sha256: '' };
    expect(await isAtHand({ ...packaged, package: missing }, options())).toBe(false);
  });

  it('needs the second model as well as the first', async () => {
    const hands = findModel('mediapipe-hands');
    const part = secondOf(hands);
    if (!part) throw new Error('mediapipe-hands has no second model');
    await put(`models/${hands.file}`, hands.size);
    expect(await isAtHand(hands, options())).toBe(false);
    await put(`models/${part.file}`, part.size);
    expect(await isAtHand(hands, options())).toBe(true);
  });

  it('lets a wrong file in the directory go before every other source, as resolving does', async () => {
    await put('models/centernet.onnx', 5);
    expect(await isAtHand(packaged, options())).toBe(false);
  });
});
