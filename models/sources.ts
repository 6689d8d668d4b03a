import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { SightlineError } from '../protocol/errors.ts';
import { convertInWorker } from './convert/convert-in-worker.ts';
import { download } from './download.ts';
import type { ModelManifest, ResolvedModel } from './manifest.ts';
import { findPackage } from './npm-package.ts';
import { fingerprintOf, hashMismatch, sameFile } from './verify.ts';
import { writeAtomically } from './write-atomically.ts';

/** How far a step of getting a model is. */
export interface ModelProgress {
  /** Catalogue id. */
  readonly model: string;
  readonly step: 'verify' | 'convert' | 'download';
  /** Bytes of the ONNX file; a conversion goes from 0 to all of them at once. */
  readonly done: number;
  readonly total: number;
}

/** Where to look for a model, and what may be done to get it. */
export interface ResolveOptions {
  /** A folder of ONNX files, `<folder>/<file>` or `<file>`, which goes before everything else. */
  readonly directory?: string;
  /** Where converted and downloaded files are kept. */
  readonly cacheDir: string;
  /** Whether a model that is not on this machine may be downloaded. */
  readonly download: boolean;
  readonly onProgress?: (progress: ModelProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * The model from the operator's own folder; undefined when it is not there.
 * Throws `model-hash-mismatch` when a file of its name is there that is not the one expected.
 */
export async function fromDirectory(
  manifest: ModelManifest,
  options: ResolveOptions,
): Promise<ResolvedModel | undefined> {
  for (const path of directoryPaths(manifest, options)) {
    const found = await fingerprint(manifest, path, options);
    if (found === undefined) continue;
    if (sameFile(found, manifest)) return { manifest, path, origin: 'directory' };
    throw hashMismatch(`the model file ${path}`, manifest, found, remedyFor(manifest));
  }
  return undefined;
}

/** Where in the operator's folder the model may lie. */
export function directoryPaths(
  { id, folder = id, file }: ModelManifest,
  { directory }: ResolveOptions,
): string[] {
  return directory === undefined ? [] : [resolve(directory, folder, file), resolve(directory, file)];
}

/** Where the model lies once it has been converted or downloaded. */
export function cachePath({ id, folder = id, file }: ModelManifest, { cacheDir }: ResolveOptions): string {
  return resolve(cacheDir, folder, file);
}

/**
 * The model from the cache; undefined when it is not there, or when something else is and it can be made anew.
 * Throws `model-hash-mismatch` when something else is there and stays.
 */
export async function fromCache(
  manifest: ModelManifest,
  options: ResolveOptions,
): Promise<ResolvedModel | undefined> {
  const path = cachePath(manifest, options);
  const found = await fingerprint(manifest, path, options);
  if (sameFile(found, manifest)) {
    return { manifest, path, origin: manifest.package === undefined ? 'download' : 'package' };
  }
  const canBeReplaced = manifest.package !== undefined || options.download;
  if (found === undefined || canBeReplaced) return undefined;
  throw hashMismatch(`the model file ${path}`, manifest, found, remedyFor(manifest));
}

/**
 * The model from its npm package, converted where it is not ONNX; undefined when it has none, or it is not installed.
 * Throws `model-hash-mismatch` when the package holds something else.
 */
export async function fromPackage(
  manifest: ModelManifest,
  options: ResolveOptions,
): Promise<ResolvedModel | undefined> {
  const { id, package: source, size: total, outputs } = manifest;
  const folder = source && (await findPackage(source.name));
  if (source === undefined || folder === undefined) return undefined;
  if ('file' in source) return asPackaged(manifest, join(folder, source.file), options);
  options.onProgress?.({ model: id, step: 'convert', done: 0, total });
  const conversion = {
    graph: join(folder, source.graph),
    sha256: source.sha256,
    outputs: outputs.map((output) => output.name),
  };
  const bytes = await convertInWorker(conversion, options.signal);
  const found = { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  if (!sameFile(found, manifest)) {
    const remedy =
      'the converter, or the library that writes ONNX, is not the version that the manifest was made with';
    throw hashMismatch(`what ${conversion.graph} was converted to`, manifest, found, remedy);
  }
  const path = cachePath(manifest, options);
  await writeAtomically(path, bytes);
  options.onProgress?.({ model: id, step: 'convert', done: total, total });
  return { manifest, path, origin: 'package' };
}

/** The ONNX file of an npm package, where it lies. */
async function asPackaged(
  manifest: ModelManifest,
  path: string,
  options: ResolveOptions,
): Promise<ResolvedModel | undefined> {
  const found = await fingerprint(manifest, path, options);
  if (found === undefined) return undefined;
  if (sameFile(found, manifest)) return { manifest, path, origin: 'package' };
  const remedy = `install the version of ${manifest.package?.name} that the lock file names`;
  throw hashMismatch(`the model file ${path}`, manifest, found, remedy);
}

/** The model downloaded into the cache; undefined when it has no address, or none may be used. */
export async function fromDownload(
  manifest: ModelManifest,
  options: ResolveOptions,
): Promise<ResolvedModel | undefined> {
  const { id, url, size: total } = manifest;
  if (url === undefined || !options.download) return undefined;
  const path = cachePath(manifest, options);
  await download(url, path, manifest, {
    onBytes: (done) => options.onProgress?.({ model: id, step: 'download', done, total }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { manifest, path, origin: 'download' };
}

/** The `model-unavailable` that says where the model was looked for, and what can be done. */
export function unavailable(manifest: ModelManifest, options: ResolveOptions): SightlineError {
  const { id, package: source, url } = manifest;
  const places = [...directoryPaths(manifest, options), cachePath(manifest, options)];
  if (source !== undefined) places.push(`the npm package ${source.name}, which is not installed`);
  const remedy =
    url === undefined || options.download
      ? remedyFor(manifest)
      : `allow the download, or ${remedyFor(manifest)}`;
  return new SightlineError(
    'model-unavailable',
    `Cannot find the model "${id}": expected it in one of ${places.join(', ')}; ${remedy}`,
  );
}

function remedyFor({ file, url, package: source, source: origin }: ModelManifest): string {
  if (url !== undefined) return `put ${file} there as it comes from ${url}, or delete what is there`;
  if (source === undefined) return `put ${file} there as it comes from ${origin}, or delete what is there`;
  return `delete what is there, and install the npm package ${source.name} that it is made from`;
}

async function fingerprint(manifest: ModelManifest, path: string, { onProgress, signal }: ResolveOptions) {
  signal?.throwIfAborted();
  const { id: model, size: total } = manifest;
  return fingerprintOf(path, (bytes) =>
    onProgress?.({ model, step: 'verify', done: Math.min(bytes, total), total }),
  );
}
