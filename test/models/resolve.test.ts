import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findModel } from '../../models/catalogue.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import { resolveDefaultDetector, resolveFirst, resolveManifest, resolveModel } from '../../models/resolve.ts';
import type { ModelProgress, ResolveOptions } from '../../models/sources.ts';
import { FileServer, serve } from './file-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

const weights = Buffer.from('the weights of a tiny model');
const realWeights = process.env['SIGHTLINE_MODELS_DIR'] ?? '';
const haveYolox = existsSync(join(realWeights, 'yolox-nano', 'yolox_nano.onnx'));

let server: FileServer;
const folder = temporaryFolder();
const directory = () => join(folder(), 'models');
const cacheDir = () => join(folder(), 'cache');
const offline = (): ResolveOptions => ({ directory: directory(), cacheDir: cacheDir(), download: false });
const online = (): ResolveOptions => ({ ...offline(), download: true });

/** A model that the server of this file has. */
const tiny = (): ModelManifest => ({
  ...findModel('yolox-nano'),
  id: 'tiny',
  file: 'tiny.onnx',
  sha256: createHash('sha256').update(weights).digest('hex'),
  size: weights.length,
  url: server.url,
});

async function put(path: string, bytes: Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

function recorder(): { onProgress: (progress: ModelProgress) => void; steps: () => string[] } {
  const seen: string[] = [];
  return { onProgress: ({ step }) => seen.push(step), steps: () => [...new Set(seen)] };
}

beforeAll(async () => {
  server = await FileServer.open();
  server.handler = serve(weights);
});
afterAll(() => server.close());

it.each([['tiny/tiny.onnx'], ['tiny.onnx']])('resolveManifest() finds %s in the directory', async (path) => {
  const file = await put(join(directory(), path), weights);
  expect(await resolveManifest(tiny(), offline())).toEqual({
    manifest: tiny(),
    path: file,
    origin: 'directory',
  });
});

it('resolveManifest() prefers the folder of the model to the file beside it', async () => {
  await put(join(directory(), 'tiny.onnx'), weights);
  const file = await put(join(directory(), 'tiny', 'tiny.onnx'), weights);
  expect((await resolveManifest(tiny(), offline())).path).toBe(file);
});

it('resolveManifest() names a truncated file in the directory, and what to do about it', async () => {
  const file = await put(join(directory(), 'tiny.onnx'), weights.subarray(0, 5));
  const error = await resolveManifest(tiny(), online()).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'model-hash-mismatch' });
  const { sha256, size, url } = tiny();
  for (const part of [file, `${size} bytes`, sha256, '5 bytes', url]) expect(error.message).toContain(part);
});

it('resolveManifest() reports a folder in place of the file as unreadable', async () => {
  await mkdir(join(directory(), 'tiny.onnx'), { recursive: true });
  await expect(resolveManifest(tiny(), offline())).rejects.toMatchObject({ code: 'model-unreadable' });
});

it('resolveManifest() says where it looked and what to do when nothing may be downloaded', async () => {
  const error = await resolveManifest(tiny(), offline()).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'model-unavailable' });
  for (const part of [directory(), cacheDir(), 'allow the download', server.url]) {
    expect(error.message).toContain(part);
  }
});

it('resolveManifest() downloads once, and verifies what it keeps from then on', async () => {
  const first = recorder();
  const path = join(cacheDir(), 'tiny', 'tiny.onnx');
  const resolved = { manifest: tiny(), path, origin: 'download' };
  expect(await resolveManifest(tiny(), { ...online(), ...first })).toEqual(resolved);
  expect(first.steps()).toEqual(['download']);
  const second = recorder();
  expect(await resolveManifest(tiny(), { ...offline(), ...second })).toEqual(resolved);
  expect(second.steps()).toEqual(['verify']);
});

it('resolveManifest() downloads a damaged file of the cache again, and otherwise refuses it', async () => {
  const path = await put(join(cacheDir(), 'tiny', 'tiny.onnx'), weights.toReversed());
  await expect(resolveManifest(tiny(), offline())).rejects.toMatchObject({
    code: 'model-hash-mismatch',
    message: expect.stringContaining(path),
  });
  await resolveManifest(tiny(), online());
  expect(Buffer.compare(await readFile(path), weights)).toBe(0);
});

it('resolveManifest() reports a cache that cannot be written to', async () => {
  const cache = await put(join(folder(), 'not-a-folder'), weights);
  await expect(resolveManifest(tiny(), { ...online(), cacheDir: cache })).rejects.toMatchObject({
    code: 'model-unavailable',
    message: expect.stringContaining(cache),
  });
});

it('resolveModel() converts centernet from its package once, to exactly the bytes of the manifest', async () => {
  const first = recorder();
  const { path, origin } = await resolveModel('centernet', { ...offline(), ...first });
  expect(origin).toBe('package');
  expect(first.steps()).toEqual(['convert']);
  const { sha256, size, file } = findModel('centernet');
  const bytes = await readFile(path);
  expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([size, sha256]);
  const second = recorder();
  expect((await resolveModel('centernet', { ...offline(), ...second })).path).toBe(path);
  expect(second.steps()).toEqual(['verify']);
  expect(await readdir(dirname(path))).toEqual([file]);
});

it('resolveModel() converts again when the converted file is damaged', async () => {
  const path = await put(join(cacheDir(), 'centernet', 'centernet.onnx'), weights);
  await resolveModel('centernet', offline());
  expect((await readFile(path)).length).toBe(findModel('centernet').size);
});

it('resolveModel() may convert the same model twice at once', async () => {
  const both = await Promise.all([
    resolveModel('centernet', offline()),
    resolveModel('centernet', offline()),
  ]);
  expect(new Set(both.map(({ path }) => path)).size).toBe(1);
  expect(await readdir(join(cacheDir(), 'centernet'))).toEqual(['centernet.onnx']);
});

it('resolveModel() stops a conversion when its signal aborts', async () => {
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error('changed my mind'));
  const options = { ...offline(), signal: controller.signal, onProgress };
  await expect(resolveModel('centernet', options)).rejects.toThrow('changed my mind');
  expect(existsSync(join(cacheDir(), 'centernet'))).toBe(false);
});

it('resolveManifest() refuses a package with other weights than the manifest says', async () => {
  const manifest = findModel('centernet');
  const graph = { name: '@vladmandic/human', graph: 'models/centernet.json', sha256: '0'.repeat(64) };
  await expect(resolveManifest({ ...manifest, package: graph }, offline())).rejects.toMatchObject({
    code: 'model-hash-mismatch',
    message: expect.stringContaining(
      manifest.package && 'sha256' in manifest.package ? manifest.package.sha256 : '?',
    ),
  });
});

it('resolveManifest() refuses to keep what a package was converted to when it is not what the manifest says', async () => {
  const manifest = { ...findModel('centernet'), sha256: '0'.repeat(64) };
  await expect(resolveManifest(manifest, offline())).rejects.toMatchObject({ code: 'model-hash-mismatch' });
  expect(existsSync(join(cacheDir(), 'centernet'))).toBe(false);
});

it('resolveManifest() names a package that is not installed', async () => {
  const missing = { name: '@sightline/no-such-package', graph: 'model.json', sha256: '0'.repeat(64) };
  await expect(
    resolveManifest({ ...findModel('centernet'), package: missing }, offline()),
  ).rejects.toMatchObject({ code: 'model-unavailable', message: expect.stringContaining(missing.name) });
});

it('resolveModel() does not know models beyond the catalogue', async () => {
  await expect(resolveModel('../../etc', offline())).rejects.toMatchObject({ code: 'model-unknown' });
});

it('resolveDefaultDetector() takes centernet where yolox-nano cannot be had, and says why', async () => {
  const { model, skipped } = await resolveDefaultDetector(offline());
  expect(model.manifest.id).toBe('centernet');
  expect(skipped).toEqual([
    { id: 'yolox-nano', error: expect.objectContaining({ code: 'model-unavailable' }) },
  ]);
});

it('resolveDefaultDetector() refuses a wrong file in the directory rather than skip it', async () => {
  await put(join(directory(), 'yolox_nano.onnx'), weights);
  await expect(resolveDefaultDetector(offline())).rejects.toMatchObject({ code: 'model-hash-mismatch' });
});

it.skipIf(!haveYolox)(
  'resolveDefaultDetector() takes yolox-nano from SIGHTLINE_MODELS_DIR (skipped: the weights are not there)',
  async () => {
    const { model, skipped } = await resolveDefaultDetector({ ...offline(), directory: realWeights });
    expect([model.manifest.id, model.origin, skipped]).toEqual(['yolox-nano', 'directory', []]);
  },
);

it('resolveFirst() goes on to the next model when a download fails or brings something else', async () => {
  const unreachable = { ...tiny(), id: 'unreachable', url: 'http://sightline.invalid/tiny.onnx' };
  const wrong = { ...tiny(), id: 'wrong', sha256: '0'.repeat(64) };
  const { model, skipped } = await resolveFirst([unreachable, wrong, tiny()], online());
  expect(model.manifest.id).toBe('tiny');
  expect(skipped.map(({ id, error }) => [id, error.code])).toEqual([
    ['unreachable', 'model-download-failed'],
    ['wrong', 'model-hash-mismatch'],
  ]);
});

it('resolveFirst() gives the reason of each model when none can be had', async () => {
  const error = await resolveFirst([tiny(), { ...tiny(), id: 'second' }], offline()).catch(
    (reason) => reason,
  );
  expect(error).toMatchObject({ code: 'model-unavailable' });
  for (const part of ['"tiny"', '"second"']) expect(error.message).toContain(part);
});
