import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readOwnModel } from '../../models/own-manifest.ts';
import { findOwnModels } from '../../models/own-models.ts';
import { resolveModel } from '../../models/resolve.ts';
import { classifier } from '../cli/models/classifier.ts';
import { classifierManifest, writeModel } from '../cli/models/own-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const weights = classifier('softmax');
const model = { 'colour.onnx': weights };
const write = (name: string, manifest: object, files: Record<string, string | Uint8Array> = model) =>
  writeModel(join(folder(), name), { 'manifest.json': manifest, ...files });

it('readOwnModel() finds out what the manifest leaves out', async () => {
  const path = await write('mine', classifierManifest);
  const { manifest } = await readOwnModel(path);
  expect(manifest).toMatchObject({
    title: 'main-colour',
    licence: 'not stated',
    size: weights.length,
    sha256: createHash('sha256').update(weights).digest('hex'),
  });
});

it('readOwnModel() reads the labels from a file, of Windows too', async () => {
  const { labels: _, ...fields } = classifierManifest;
  const files = { ...model, 'labels.txt': '\ufeffred\r\ngreen\r\nblue\r\n' };
  const path = await write('mine', { ...fields, labelsFile: 'labels.txt' }, files);
  expect((await readOwnModel(path)).manifest.labels).toEqual(['red', 'green', 'blue']);
  await rm(join(path, 'labels.txt'));
  await expect(readOwnModel(path)).rejects.toMatchObject({ code: 'model-unavailable' });
});

it.each<[string, object, string, RegExp]>([
  ['a typo', { ...classifierManifest, lables: [] }, 'model-manifest-invalid', /lables/],
  [
    'a typo in the input',
    { ...classifierManifest, input: { ...classifierManifest.input, meen: 1 } },
    'model-manifest-invalid',
    /input: .*meen/,
  ],
  ['an unknown head', { ...classifierManifest, head: 'yolo9000' }, 'model-manifest-invalid', /head: /],
  ['a file elsewhere', { ...classifierManifest, file: '../x.onnx' }, 'model-manifest-invalid', /file: /],
  [
    'labels twice',
    { ...classifierManifest, labelsFile: 'labels.txt' },
    'model-manifest-invalid',
    /labels or labelsFile, found both/,
  ],
  ['no weights', { ...classifierManifest, file: 'other.onnx' }, 'model-unavailable', /other\.onnx/],
  ['other weights', { ...classifierManifest, size: 5 }, 'model-hash-mismatch', /expected 5 bytes/],
  ['an id of the catalogue', { ...classifierManifest, id: 'yolox-nano' }, 'model-id-taken', /"yolox-nano"/],
  ['an id of a part', { ...classifierManifest, id: 'hand-landmark' }, 'model-id-taken', /hand-landmark/],
])('findOwnModels() refuses %s, and takes the model beside it', async (_, manifest, code, words) => {
  await write('bad', manifest);
  await write('good', classifierManifest);
  const { models, refused } = await findOwnModels(folder());
  expect(models.map(({ manifest: { id } }) => id)).toEqual(['main-colour']);
  expect(refused).toMatchObject([{ folder: join(folder(), 'bad'), error: { code } }]);
  expect(refused[0]?.error.message).toMatch(words);
});

it('findOwnModels() takes the first of two with one id, and says where it is', async () => {
  await write('a', classifierManifest);
  await write('b', classifierManifest);
  const { models, refused } = await findOwnModels(folder());
  expect(models).toHaveLength(1);
  expect(refused[0]?.error).toMatchObject({
    code: 'model-id-taken',
    message: expect.stringContaining(join(folder(), 'a')),
  });
});

it('findOwnModels() says what is no JSON', async () => {
  await writeModel(join(folder(), 'bad'), { 'manifest.json': '{"id": ' });
  const { refused } = await findOwnModels(folder());
  expect(refused[0]?.error.message).toMatch(/expected JSON, found/);
});

it('findOwnModels() finds none where there is no folder', async () => {
  expect(await findOwnModels(undefined)).toEqual({ models: [], refused: [] });
  expect(await findOwnModels(join(folder(), 'nowhere'))).toEqual({ models: [], refused: [] });
});

it('resolveModel() finds an own model by its id, and says why one cannot be used', async () => {
  await write('mine', classifierManifest);
  const { labels: _, ...unlabelled } = classifierManifest;
  await write('broken', { ...unlabelled, id: 'broken' });
  const options = { directory: folder(), cacheDir: join(folder(), 'cache'), download: false };
  expect((await resolveModel('main-colour', options)).path).toBe(join(folder(), 'mine', 'colour.onnx'));
  await expect(resolveModel('broken', options)).rejects.toMatchObject({ code: 'model-manifest-invalid' });
  await expect(resolveModel('nobody', options)).rejects.toMatchObject({ code: 'model-unknown' });
});
