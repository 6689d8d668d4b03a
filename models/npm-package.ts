import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isMissing } from './verify.ts';

/**
 * The folder of an installed npm package, found as Node finds it; undefined when it is not installed.
 * Not by `require.resolve`, because a package's `exports` may hide its data files.
 */
export async function findPackage(name: string): Promise<string | undefined> {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const path = join(folder, name);
    if (await exists(join(path, 'package.json'))) return path;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
