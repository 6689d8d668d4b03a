import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, type Recording, recordingSchema } from '../../protocol/recordings.ts';

/** Replaces the manifest of a recording whole: whoever reads it sees the one before or this one. */
export async function writeManifest(folder: string, recording: Recording): Promise<void> {
  const next = join(folder, `.${randomBytes(6).toString('hex')}.json`);
  try {
    await writeFile(next, `${JSON.stringify(recording, undefined, 1)}\n`);
    await rename(next, join(folder, MANIFEST_FILE));
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

/** @returns undefined where there is none that can be read */
export async function readManifest(folder: string): Promise<Recording | undefined> {
  try {
    const parsed = recordingSchema.safeParse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')));
    return parsed.data;
  } catch {
    return undefined;
  }
}
