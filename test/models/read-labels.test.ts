import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findModel } from '../../models/catalogue.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import { findPackage } from '../../models/npm-package.ts';
import { resolveManifest } from '../../models/resolve.ts';
import { temporaryFolder } from './temporary-folder.ts';

const weights = Buffer.from('weights');
const labels = Buffer.from('α\nb c\n\nd\n');
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const tiny: ModelManifest = {
  ...findModel('yolox-nano'),
  id: 'tiny',
  file: 'tiny.onnx',
  sha256: hash(weights),
  size: weights.length,
  labelsFile: { name: 'labels.txt', sha256: hash(labels), size: labels.length },
};

describe('resolveManifest()', () => {
  const folder = temporaryFolder();
  const options = () => ({ directory: folder(), cacheDir: join(folder(), 'cache'), download: false });
  const put = (name: string, bytes: Buffer) => writeFile(join(folder(), name), bytes);

  it('resolveManifest() takes the labels from the file beside the weights, a line each', async () => {
    await put('tiny.onnx', weights);
    await put('labels.txt', labels);
    const { manifest, path } = await resolveManifest(tiny, options());
    expect(manifest.labels).toEqual(['α', 'b c', '', 'd']);
    expect(path).toBe(join(folder(), 'tiny.onnx'));
  });

  it('resolveManifest() refuses labels that are not there, or not those expected', async () => {
    await put('tiny.onnx', weights);
    await expect(resolveManifest(tiny, options())).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('labels.txt'),
    });
    await put('labels.txt', Buffer.from('a\nb c\n\nd\n'));
    await expect(resolveManifest(tiny, options())).rejects.toMatchObject({ code: 'model-hash-mismatch' });
  });

  it('resolveManifest() uses an ONNX file of an npm package where it lies, and no other', async () => {
    const file = 'package.json';
    const place = join((await findPackage('zod')) ?? '', file);
    const bytes = await readFile(place);
    const { labelsFile: _, ...plain } = tiny;
    const packaged = { ...plain, package: { name: 'zod', file }, sha256: hash(bytes), size: bytes.length };
    expect(await resolveManifest(packaged, options())).toMatchObject({ path: place, origin: 'package' });
    const wrong = { ...packaged, sha256: hash(weights) };
    await expect(resolveManifest(wrong, options())).rejects.toMatchObject({
      code: 'model-hash-mismatch',
      message: expect.stringContaining('install the version of zod'),
    });
  });

  it('resolveManifest() brings the second model along, and fails where that one cannot be had', async () => {
    const { second, url: _, ...hands } = findModel('mediapipe-hands');
    if (!second) throw new Error('mediapipe-hands has no second model');
    const first = { ...hands, file: 'tiny.onnx', sha256: tiny.sha256, size: tiny.size };
    await put('tiny.onnx', weights);
    await expect(resolveManifest({ ...first, second }, options())).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('hand-landmark'),
    });
    const meshed = { ...first, second: { ...second, model: 'face-landmark' } };
    const { second: part } = await resolveManifest(meshed, options());
    expect(part).toMatchObject({ manifest: { id: 'face-landmark' }, origin: 'package' });
  });
});
