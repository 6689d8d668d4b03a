import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { SightlineError } from '../protocol/errors.ts';
import { type ModelManifest, modelManifestSchema, type ResolvedModel } from './manifest.ts';
import { fingerprintOf, hashMismatch, isMissing } from './verify.ts';

/** Name of the manifest in the folder of a user's own model. */
export const OWN_MANIFEST = 'manifest.json';

const { shape } = modelManifestSchema;
const fileName = z.string().refine((name) => name !== '' && name === basename(name), 'expected a name alone');
const sha256 = shape.sha256.optional();
const size = shape.size.optional();

/** {@link modelManifestSchema} as a user writes it: what can be found out may be left out, and a typo is told of. */
const ownManifestSchema = z.strictObject({
  ...modelManifestSchema.omit({ url: true, package: true, folder: true }).shape,
  title: shape.title.optional(),
  licence: shape.licence.default('not stated'),
  source: shape.source.default('a model of this server'),
  file: fileName,
  sha256,
  size,
  input: z.strictObject(shape.input.shape),
  labels: shape.labels.optional(),
  labelsFile: z
    .union([
      fileName.transform((name) => ({ name, sha256: undefined, size: undefined })),
      z.strictObject({ name: fileName, sha256, size }),
    ])
    .optional(),
});
type OwnManifest = z.infer<typeof ownManifestSchema>;

/**
 * Reads the folder of a user's own model: `manifest.json`, the ONNX file beside it, and the labels.
 *
 * @throws `model-manifest-invalid` naming every field that is wrong; `model-unavailable` when a file that the manifest
 * names is not there; `model-hash-mismatch` when it is not the one that the manifest describes; `model-unreadable`
 */
export async function readOwnModel(folder: string): Promise<ResolvedModel> {
  const own = await readManifest(join(folder, OWN_MANIFEST));
  const path = join(folder, own.file);
  const weights = await fingerprint(path, own, 'its weights', own.id);
  const { labelsFile: _, ...fields } = own;
  const labels = await labelsOf(own, folder);
  return { manifest: { ...withoutUndefined(fields), ...weights, labels }, path, origin: 'directory' };
}

async function readManifest(path: string): Promise<OwnManifest> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw invalid(path, `JSON, found ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const parsed = ownManifestSchema.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'all'}: ${issue.message}`);
    throw invalid(path, `the fields of a manifest, found ${faults.join('; ')}`);
  }
  const { labels, labelsFile } = parsed.data;
  if ((labels === undefined) === (labelsFile === undefined)) {
    throw invalid(path, `labels or labelsFile, found ${labels === undefined ? 'neither' : 'both'}`);
  }
  return parsed.data;
}

async function labelsOf({ id, labels, labelsFile }: OwnManifest, folder: string): Promise<string[]> {
  if (labelsFile === undefined) return labels ?? [];
  const path = join(folder, labelsFile.name);
  await fingerprint(path, labelsFile, 'its labels', id);
  const lines = (await readFile(path, 'utf8')).replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > 0) return lines;
  throw invalid(join(folder, OWN_MANIFEST), `labels in ${labelsFile.name}, found an empty file`);
}

/** The fingerprint of a file, which must be the expected one as far as there is one. */
async function fingerprint(
  path: string,
  expected: { readonly sha256?: string | undefined; readonly size?: number | undefined },
  what: string,
  id: string,
) {
  const found = await fingerprintOf(path);
  if (found === undefined) {
    const message = `Cannot use the model "${id}": expected ${what} in ${path}, found no such file`;
    throw new SightlineError('model-unavailable', message);
  }
  const wanted = { sha256: expected.sha256 ?? found.sha256, size: expected.size ?? found.size };
  if (wanted.sha256 === found.sha256 && wanted.size === found.size) return found;
  const remedy =
    'put the file there that the manifest describes, or take sha256 and size out of the manifest';
  throw hashMismatch(path, wanted, found, remedy);
}

function withoutUndefined({
  title,
  second,
  ...fields
}: Omit<OwnManifest, 'labelsFile'>): Omit<ModelManifest, 'labels' | 'labelsFile' | 'sha256' | 'size'> {
  return { ...fields, title: title ?? fields.id, ...(second && { second }) };
}

function invalid(path: string, words: string, cause?: unknown): SightlineError {
  const options = cause === undefined || isMissing(cause) ? {} : { cause };
  return new SightlineError(
    'model-manifest-invalid',
    `Cannot use the manifest ${path}: expected ${words}`,
    options,
  );
}
