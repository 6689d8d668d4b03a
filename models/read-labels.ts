import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SightlineError } from '../protocol/errors.ts';
import type { ResolvedModel } from './manifest.ts';
import { hashMismatch, isMissing } from './verify.ts';

/**
 * Gives a model the labels that lie in a file beside its weights, where it has any.
 *
 * @throws `model-unavailable` when the file is not there; `model-hash-mismatch` when it is not the one expected.
 */
export async function readLabels(model: ResolvedModel): Promise<ResolvedModel> {
  const { manifest, path } = model;
  const { labelsFile } = manifest;
  if (labelsFile === undefined) return model;
  const labelsPath = join(dirname(path), labelsFile.name);
  const bytes = await read(labelsPath, manifest.id);
  const found = { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  if (found.sha256 !== labelsFile.sha256 || found.size !== labelsFile.size) {
    throw hashMismatch(
      `the labels ${labelsPath}`,
      labelsFile,
      found,
      'put the one there that came with the model',
    );
  }
  return {
    ...model,
    manifest: { ...manifest, labels: bytes.toString('utf8').replace(/\n$/, '').split('\n') },
  };
}

async function read(path: string, id: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new SightlineError(
      'model-unavailable',
      `Cannot use the model "${id}": expected its labels in ${path}, found no such file`,
      { cause },
    );
  }
}
