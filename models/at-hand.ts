import { stat } from 'node:fs/promises';
import { secondOf } from './catalogue.ts';
import type { ModelManifest } from './manifest.ts';
import { findPackage } from './npm-package.ts';
import { cachePath, directoryPaths, type ResolveOptions } from './sources.ts';
import { isMissing } from './verify.ts';

/**
 * Whether a model, with the second one that it may need, can be had without a download: from the operator's folder, the
 * cache, or an installed npm package. Looks at names and sizes alone, so it costs next to nothing; the hash is checked
 * when the model is resolved.
 */
export async function isAtHand(manifest: ModelManifest, options: ResolveOptions): Promise<boolean> {
  const second = secondOf(manifest);
  return (await isHere(manifest, options)) && (second === undefined || (await isHere(second, options)));
}

async function isHere(manifest: ModelManifest, options: ResolveOptions): Promise<boolean> {
  for (const path of directoryPaths(manifest, options)) {
    const size = await sizeOf(path);
    // A wrong file there is an error when the model is resolved, even where another source would have it.
    if (size !== undefined) return size === manifest.size;
  }
  if ((await sizeOf(cachePath(manifest, options))) === manifest.size) return true;
  return manifest.package !== undefined && (await findPackage(manifest.package.name)) !== undefined;
}

/** Bytes; undefined when nothing is there. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
