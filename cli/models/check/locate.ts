import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { OWN_MANIFEST } from '../../../models/own-manifest.ts';
import { isMissing } from '../../../models/verify.ts';
import { failed, type ModelFinding } from './finding.ts';

/** The file to check, and whether the manifest beside it is about it. */
export interface Location {
  /** Absolute path of the ONNX file. */
  readonly path: string;
  readonly hasManifest: boolean;
}

const namesFile = z.object({ file: z.string() });

/**
 * Finds the ONNX file that is meant.
 *
 * @param argument a file, its manifest, or the folder of either
 * @returns the finding that says why not
 */
export async function locate(argument: string): Promise<Location | ModelFinding> {
  const named = resolve(argument);
  const kind = await kindOf(named);
  if (kind === undefined) return failed('file', 'file-missing', `There is nothing at ${named}`);
  if (kind === 'folder') return inFolder(named);
  const folder = dirname(named);
  if (basename(named) === OWN_MANIFEST) return inFolder(folder);
  return { path: named, hasManifest: (await fileOfManifest(folder)) === basename(named) };
}

async function inFolder(folder: string): Promise<Location | ModelFinding> {
  const names = await readdir(folder);
  const file = await fileOfManifest(folder);
  if (file !== undefined) {
    const path = join(folder, file);
    if ((await kindOf(path)) === 'file') return { path, hasManifest: true };
    return failed(
      'file',
      'file-missing',
      `The manifest names ${file}, and there is no such file in ${folder}`,
    );
  }
  const [first, ...more] = names.filter((name) => name.toLowerCase().endsWith('.onnx'));
  if (first === undefined) return failed('file', 'file-missing', `There is no ONNX file in ${folder}`);
  if (more.length > 0) {
    return failed(
      'file',
      'file-ambiguous',
      `There are several ONNX files in ${folder}: ${[first, ...more].join(', ')}`,
    );
  }
  return { path: join(folder, first), hasManifest: names.includes(OWN_MANIFEST) };
}

/** What the manifest of a folder calls its file, however wrong the rest of it is. */
async function fileOfManifest(folder: string): Promise<string | undefined> {
  try {
    return namesFile.parse(JSON.parse(await readFile(join(folder, OWN_MANIFEST), 'utf8'))).file;
  } catch {
    return undefined;
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
